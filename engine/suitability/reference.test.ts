import { readFileSync } from 'node:fs'
import { LocalDate } from '../../features/schema/time.js'
import { type ContextInputs, type InvestorInputs, type ProductInputs, type Subject } from './inputs.js'
import { type Pack, type Rule } from './pack.js'
import { readPack } from './readPack.js'
import { type Finding, referenceFor, referenceOf } from './reference.js'
import { compileInputs, whyNot, whyWarned } from './verdicts.js'
import { contextInputs, investorInputs, productInputs } from './vocabulary.js'

const unknown = (names: object): Record<string, null> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, null]))
const productOf = (given: object) => ({ ...unknown(productInputs), ...given }) as unknown as ProductInputs
const subjectOf = (investor: object, context: object = {}): Subject => ({
  today: LocalDate.parse('2026-05-08'),
  investor: { ...unknown(investorInputs), ...investor } as unknown as InvestorInputs,
  context: { ...unknown(contextInputs), initiation: 'self-initiated', ...context } as unknown as ContextInputs,
})
const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
const steps = 'confirmations: [{ id: notice, source: s, confidence: own, messages: { zh-CN: x, en: x } }]'
const rule = (id: string, fields: string): string =>
  `{ id: ${id}, ${fields}, source: s, confidence: own, effectiveFrom: 1970-01-01, messages: { zh-CN: x, en: x } }`
const packOf = (...rules: readonly string[]): Pack =>
  readPack(new TextEncoder().encode(`${open}${steps}\nrules: [${rules.join(', ')}]`))

const block = rule('BLOCK', 'scope: both, blockUnless: product.riskLevel <= investor.riskLevel')
const warn = rule('WARN', 'scope: self-initiated, warnUnless: product.riskLevel < 3, confirmations: [notice]')
const spare = rule(
  'SPARE',
  'scope: both, appliesIf: investor.ageYears >= 65, blockUnless: product.termMonths < 12, whenMissing: { product.termMonths: not-applicable }',
)
const listless = rule('OPT', "scope: both, effect: non-personal, blockUnless: '!investor.optedOut'")

type Expected = { readonly blocked: readonly Finding[]; readonly warned: readonly Finding[] }
const unmet = (ruleId: string, params: Finding['params']): Finding => ({ ruleId, code: 'unmet', params })
const missing = (ruleId: string, input: string): Finding => ({ ruleId, code: 'missing', params: { input } })

test.each<[string, readonly string[], object, object, Expected]>([
  ['met', [block], { riskLevel: 2 }, { riskLevel: 2 }, { blocked: [], warned: [] }],
  [
    'not met, with what was read',
    [block],
    { riskLevel: 3 },
    { riskLevel: 2 },
    { blocked: [unmet('BLOCK', { 'product.riskLevel': 3, 'investor.riskLevel': 2 })], warned: [] },
  ],
  [
    'the product’s unknown',
    [block],
    {},
    { riskLevel: 2 },
    { blocked: [missing('BLOCK', 'product.riskLevel')], warned: [] },
  ],
  [
    'the investor’s unknown',
    [block],
    { riskLevel: 3 },
    {},
    { blocked: [missing('BLOCK', 'investor.riskLevel')], warned: [] },
  ],
  [
    'not met, with texts, truths and lists as text',
    [rule('WORDS', 'scope: both, blockUnless: product.kind in investor.knownKinds || investor.optedOut')],
    { kind: 'bond' },
    { knownKinds: ['mixed', 'equity'], optedOut: false },
    {
      blocked: [
        unmet('WORDS', { 'product.kind': 'bond', 'investor.knownKinds': 'mixed,equity', 'investor.optedOut': 'false' }),
      ],
      warned: [],
    },
  ],
  ['a warning not needed', [warn], { riskLevel: 2 }, {}, { blocked: [], warned: [] }],
  ['a warning', [warn], { riskLevel: 3 }, {}, { blocked: [], warned: [unmet('WARN', { 'product.riskLevel': 3 })] }],
  ['a warning that cannot be judged', [warn], {}, {}, { blocked: [missing('WARN', 'product.riskLevel')], warned: [] }],
  [
    'a block beside a warning',
    [block, warn],
    { riskLevel: 3 },
    { riskLevel: 1 },
    {
      blocked: [unmet('BLOCK', { 'product.riskLevel': 3, 'investor.riskLevel': 1 })],
      warned: [unmet('WARN', { 'product.riskLevel': 3 })],
    },
  ],
  ['does not apply', [spare], { termMonths: 24 }, { ageYears: 64 }, { blocked: [], warned: [] }],
  [
    'applies, and is not met',
    [spare],
    { termMonths: 24 },
    { ageYears: 65 },
    { blocked: [unmet('SPARE', { 'investor.ageYears': 65, 'product.termMonths': 24 })], warned: [] },
  ],
  ['applies, and an exempted input is unknown', [spare], {}, { ageYears: 65 }, { blocked: [], warned: [] }],
  [
    'whether it applies is unknown',
    [spare],
    { termMonths: 1 },
    {},
    { blocked: [missing('SPARE', 'investor.ageYears')], warned: [] },
  ],
  ['a list that is not personal blocks nothing', [listless], {}, { optedOut: true }, { blocked: [], warned: [] }],
])('%s', (_, rules, product, investor, { blocked, warned }) => {
  const pack = packOf(...rules)
  const [given, subject] = [productOf(product), subjectOf(investor)]
  const reference = referenceOf(pack)
  expect(reference.findings(given, subject)).toEqual(blocked)
  expect(reference.warnings(given, subject)).toEqual(warned)
  const verdicts = compileInputs([given], pack).judge(subject)
  expect(whyNot(verdicts, 0)).toEqual(blocked.map(({ ruleId }) => ruleId))
  expect(whyWarned(verdicts, 0)).toEqual(warned.map(({ ruleId }) => ruleId))
  expect(verdicts.permittedCount).toBe(blocked.length === 0 ? 1 : 0)
  expect(verdicts.withheld.total).toBe(blocked.length === 0 ? 0 : 1)
})

test('a pack that is not in force permits nothing and warns of nothing, to both', () => {
  const pack: Pack = { ...packOf(block, warn), effectiveTo: LocalDate.parse('2026-05-08') }
  const [given, subject] = [productOf({ riskLevel: 3 }), subjectOf({ riskLevel: 5 })]
  expect(referenceOf(pack).findings(given, subject)).toEqual([unmet('PACK-NOT-IN-FORCE', {})])
  expect(referenceOf(pack).warnings(given, subject)).toEqual([])
  const verdicts = compileInputs([given], pack).judge(subject)
  expect([whyNot(verdicts, 0), whyWarned(verdicts, 0)]).toEqual([['PACK-NOT-IN-FORCE'], []])
})

test('a rule that errs excludes, and says what the evaluator said', () => {
  const pack = packOf(block)
  const [broken] = pack.rules.map((of): Rule => ({ ...of, permits: { ...of.permits, text: 'product.riskLevel' } }))
  const [erring] = pack.rules.map((of): Rule => ({
    ...of,
    permits: { ...of.permits, text: 'product.riskLevel > "a"' },
  }))
  if (broken === undefined || erring === undefined) throw new Error('the pack has a rule')
  const [given, subject] = [productOf({ riskLevel: 3 }), subjectOf({ riskLevel: 5 })]
  const found = [broken, erring].map((of) => referenceOf({ ...pack, rules: [of] }).findings(given, subject))
  expect(found).toMatchObject([
    [{ ruleId: 'BLOCK', code: 'RULE-ERROR', params: { error: 'not a truth value: 3' } }],
    [{ ruleId: 'BLOCK', code: 'RULE-ERROR' }],
  ])
})

test('the reference of a pack is planned once', () => {
  const pack = packOf(block)
  expect(referenceFor(pack)).toBe(referenceFor(pack))
  expect(referenceFor(packOf(warn))).not.toBe(referenceFor(pack))
})

test('one subject’s products are judged one by one, and a rule that reads a product wants one', () => {
  const pack = packOf(block, spare)
  const [only] = pack.rules
  if (only === undefined) throw new Error('the pack has a rule')
  const [reference, subject] = [referenceOf(pack), subjectOf({ riskLevel: 2, ageYears: 70 })]
  const codes = [
    { riskLevel: 3, termMonths: 6 },
    { riskLevel: 2, termMonths: 6 },
    { termMonths: 24 },
    { riskLevel: 1, termMonths: 24 },
  ].map((given) => reference.findings(productOf(given), subject).map(({ ruleId, code }) => [ruleId, code]))
  expect(codes).toEqual([
    [['BLOCK', 'unmet']],
    [],
    [
      ['BLOCK', 'missing'],
      ['SPARE', 'unmet'],
    ],
    [['SPARE', 'unmet']],
  ])
  expect(reference.judge(only, null, subject)).toEqual(missing('BLOCK', 'product.riskLevel'))
})

test('rules about the investor alone are judged without a product', () => {
  const pack = packOf(listless)
  const [only] = pack.rules
  if (only === undefined) throw new Error('the pack has a rule')
  expect(referenceOf(pack).judge(only, null, subjectOf({ optedOut: true }))).toMatchObject({ code: 'unmet' })
  expect(referenceOf(pack).judge(only, null, subjectOf({ optedOut: false }))).toBeNull()
  expect(referenceOf(pack).judge(only, null, subjectOf({}))).toMatchObject({ code: 'missing' })
})
