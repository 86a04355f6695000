import { readFileSync } from 'node:fs'
import { type Pack } from './pack.js'
import { diffOf, isSame } from './packDiff.js'
import { readAnyPack } from './readAnyPack.js'

type Fields = Readonly<Record<string, unknown>>
const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
const messages = { 'zh-CN': 'x', en: 'x' }
const sourced = { source: 's', confidence: 'own' }
const noBase = (): Pack => {
  throw new Error('no pack is extended here')
}
/** JSON is YAML. */
const packOf = (rules: readonly Fields[], more: Fields = {}): Pack => {
  const confirmations = [{ id: 'notice', ...sourced, messages }]
  const fields = Object.entries({ confirmations, ...more, rules })
  const own = open
    .split('\n')
    .filter((line) => !fields.some(([name]) => line.startsWith(`${name}:`)))
    .join('\n')
  const text = `${own}\n${fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join('\n')}\n`
  return readAnyPack(new TextEncoder().encode(text), noBase)
}
const ruleOf = (fields: Fields): Fields => ({
  id: 'RULE',
  scope: 'both',
  ...sourced,
  effectiveFrom: '2020-01-01',
  messages,
  ...fields,
})
const blocks = ruleOf({ blockUnless: 'product.riskLevel <= investor.riskLevel' })
const warns = ruleOf({ scope: 'self-initiated', warnUnless: 'product.sri < 5', confirmations: ['notice'] })
const known = { product: { riskLevel: 1 }, investor: { riskLevel: 1 }, expect: 'permit' }
const unknown = { product: { riskLevel: 1 }, expect: 'missing' }

test.each<[string, Fields, Fields, Fields]>([
  [
    'what a rule that warns asks',
    warns,
    { ...warns, warnUnless: 'product.sri < 6' },
    { warnUnless: ['product.sri < 5', 'product.sri < 6'] },
  ],
  [
    'a rule that blocked and now warns',
    blocks,
    warns,
    {
      scope: ['both', 'self-initiated'],
      confirmations: [[], ['notice']],
      blockUnless: ['product.riskLevel <= investor.riskLevel', null],
      effect: ['block', null],
      warnUnless: [null, 'product.sri < 5'],
    },
  ],
  [
    'what a rule does',
    ruleOf({ blockUnless: '!investor.optedOut' }),
    ruleOf({ blockUnless: '!investor.optedOut', effect: 'non-personal' }),
    { effect: ['block', 'non-personal'] },
  ],
  [
    'that it no longer applies to all',
    blocks,
    { ...blocks, appliesIf: 'product.sri > 3' },
    { appliesIf: [null, 'product.sri > 3'] },
  ],
  [
    'to whom it applies',
    { ...blocks, appliesIf: 'product.sri > 3' },
    { ...blocks, appliesIf: 'product.sri > 4' },
    { appliesIf: ['product.sri > 3', 'product.sri > 4'] },
  ],
  // As they were written: without the entities of which a case says nothing.
  [
    'its cases',
    { ...blocks, cases: [known] },
    { ...blocks, cases: [known, unknown] },
    { cases: [[known], [known, unknown]] },
  ],
  [
    'its first day alone',
    blocks,
    { ...blocks, effectiveFrom: '2021-01-01' },
    { effectiveFrom: ['2020-01-01', '2021-01-01'] },
  ],
])('%s is told field by field', (_, from, to, fields) => {
  const { rules } = diffOf(packOf([from]), packOf([to]))
  expect({ added: rules.added, removed: rules.removed }).toEqual({ added: [], removed: [] })
  expect(rules.changed.map(({ id }) => id)).toEqual(['RULE'])
  expect(Object.fromEntries(rules.changed[0]?.fields.map(({ field, from, to }) => [field, [from, to]]) ?? [])).toEqual(
    fields,
  )
})

const version = (from: string, to: string | null, most: number): Fields =>
  ruleOf({ blockUnless: `product.sri <= ${most}`, effectiveFrom: from, effectiveTo: to })
const [first, second] = [version('2020-01-01', '2022-01-01', 5), version('2022-01-01', null, 4)]

test('versions of a rule in another order are the same', () => {
  expect(isSame(diffOf(packOf([first, second]), packOf([second, first])))).toBe(true)
})

test('of two versions each is compared with that of its day, before any other', () => {
  const earlier = version('2019-01-01', '2020-01-01', 5)
  expect(diffOf(packOf([first, second]), packOf([second, earlier])).rules).toEqual({
    added: [],
    removed: [],
    changed: [
      {
        id: 'RULE from 2019-01-01',
        fields: [
          { field: 'effectiveFrom', from: '2020-01-01', to: '2019-01-01' },
          { field: 'effectiveTo', from: '2022-01-01', to: '2020-01-01' },
        ],
      },
    ],
  })
})

test('a version less is told with its day', () => {
  expect(diffOf(packOf([first, second]), packOf([second])).rules).toEqual({
    added: [],
    removed: ['RULE from 2020-01-01'],
    changed: [],
  })
})

test('a rule by another id is another rule', () => {
  expect(diffOf(packOf([blocks]), packOf([{ ...blocks, id: 'OTHER' }])).rules).toEqual({
    added: ['OTHER'],
    removed: ['RULE'],
    changed: [],
  })
})

test.each([
  ['as many fields and terms', packOf([]), packOf([], { version: 7, terms: { ...packOf([]).terms, ratingMonths: 1 } })],
  ['as many rules added and removed', packOf([blocks]), packOf([{ ...blocks, id: 'OTHER' }])],
  [
    'as many rules added and changed',
    packOf([blocks]),
    packOf([
      { ...blocks, scope: 'push' },
      { ...blocks, id: 'OTHER' },
    ]),
  ],
])('%s differ', (_, from, to) => {
  expect(isSame(diffOf(from, to))).toBe(false)
})
