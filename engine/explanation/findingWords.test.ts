import { readFileSync } from 'node:fs'
import { type Pack } from '../suitability/pack.js'
import { readPack } from '../suitability/readPack.js'
import { entities } from '../suitability/vocabulary.js'
import { nameOfInput } from './inputNames.js'
import { languages } from './texts.js'
import { remedyOf, wordsOfFinding } from './findingWords.js'

const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const today = '2026-05-08'
const above = {
  ruleId: 'CN-MATCH',
  code: 'unmet',
  params: { 'product.riskLevel': 4, 'investor.riskLevel': 2 },
} as const

test('what was found, and what can be done about it, in both languages', () => {
  expect(wordsOfFinding(above, pack, today, 'en')).toEqual({
    text: "The product's risk level R4 is above your tolerance C2.",
    source: 'AMAC Guideline 2017 Art 44',
    remedy: expect.stringContaining('Look at products that match your tolerance') as string,
  })
  expect(wordsOfFinding(above, pack, today, 'zh-CN').remedy).toContain('与您的风险承受能力相匹配')
})

test('a rule without a remedy has none; an unknown input is named', () => {
  const unknown = { ruleId: 'CN-RATE', code: 'missing', params: { input: 'product.riskLevel' } } as const
  expect(wordsOfFinding(unknown, pack, today, 'en')).toEqual({
    text: 'It is not known: the product’s risk level. Without it nobody can judge whether the product suits you, so it is left out',
    source: expect.any(String) as string,
    remedy: null,
  })
})

test('the words are those of the version in force on the day', () => {
  const [match] = pack.rules.filter(({ id }) => id === 'CN-MATCH')
  if (match === undefined) throw new Error('cn-2026 has lost CN-MATCH')
  const older = { ...match, effectiveTo: '2026-01-01', source: 'the older text' }
  const dated: Pack = { ...pack, rules: [older, { ...match, effectiveFrom: '2026-01-01' }] }
  expect(wordsOfFinding(above, dated, '2025-12-31', 'en').source).toBe('the older text')
  expect(wordsOfFinding(above, dated, '2026-01-01', 'en').source).toBe('AMAC Guideline 2017 Art 44')
  expect(wordsOfFinding(above, dated, '2016-01-01', 'en').text).toContain('was not in force')
})

test('a remedy with a name whose value is unknown is left out, not shown with a hole', () => {
  const remedy = { 'zh-CN': '期限{product.termMonths}', en: 'a term of {product.termMonths}' }
  expect(remedyOf(remedy, { 'product.termMonths': 6 }, 'en')).toBe('a term of 6')
  expect(remedyOf(remedy, {}, 'en')).toBeNull()
})

test('every input that a rule may read has a name in words', () => {
  for (const [entity, fields] of Object.entries(entities))
    for (const field of Object.keys(fields)) {
      const finding = { ruleId: 'CN-MATCH', code: 'missing', params: { input: `${entity}.${field}` } } as const
      for (const language of languages)
        expect(wordsOfFinding(finding, pack, today, language).text).not.toContain(`${entity}.${field}`)
    }
  expect(nameOfInput('product.colour')).toBeNull()
})
