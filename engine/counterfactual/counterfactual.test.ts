import { readFileSync } from 'node:fs'
import { type Pack } from '../suitability/pack.js'
import { type ProductInputs, productInputsOf, type Subject, subjectOf } from '../suitability/inputs.js'
import { readPack } from '../suitability/readPack.js'
import { referenceFor } from '../suitability/reference.js'
import { type Declaration, investorInputs, type InputValue } from '../suitability/vocabulary.js'
import { counterfactualInWords } from '../explanation/counterfactualWords.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { fitInvestor, fitProduct, startOfTest } from '../../tests/realService.js'
import { counterfactual } from './counterfactual.js'
import { boundsOf, placeOf } from './inputOrder.js'

const packs = ['cn-2026', 'eu-mifid2', 'us-finra'].map((name) =>
  readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`),
)
const [cn] = packs as [Pack, ...Pack[]]
const dayMs = 86_400_000

const subject = (changes: Parameters<typeof fitInvestor>[1] = {}): Subject => {
  const profile = fitInvestor('i1', changes)
  const behaviour = { purchased: [], viewed: [] }
  return subjectOf({ profile, knownAt: startOfTest - dayMs, behaviour }, 'push', cn, startOfTest)
}
const product = (changes: Parameters<typeof fitProduct>[1] = {}): ProductInputs =>
  productInputsOf(fitProduct('P1', changes), cn.timeZone)
const rated = (level: 'R2' | 'R4' | 'R5') => ({ rating: { ...fitProduct('P1').rating!, level } })
const found = (of: ProductInputs, who: Subject) => {
  const result = counterfactual(cn, of, who)
  return { ...result, words: counterfactualInWords(result, 'en'), chinese: counterfactualInWords(result, 'zh-CN') }
}
const assessed = (level: 'C1' | 'C3', changes = {}) => ({
  riskAssessment: { ...fitInvestor('i1').riskAssessment!, level, ...changes },
})

test('every input of the investor has its place in the order', () => {
  const places = Object.keys(investorInputs).map(placeOf)
  expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, place) => place))
})

test.each([
  ['permitted', product(), subject(), [], [], 'it was permitted: nothing would have had to differ'],
  [
    'level',
    product(rated('R4')),
    subject(assessed('C3')),
    [['riskLevel', 3, 4]],
    [],
    'it would have been permitted if the assessment had given C4 (it gave C3)',
  ],
  [
    'horizon',
    product({ targetMarket: { objectives: ['growth'], minHorizonMonths: 37 } }),
    subject(),
    [['horizonMonths', 36, 37]],
    [],
    'it would have been permitted if the horizon had been 37 months (it was 36)',
  ],
  [
    'objective',
    product(),
    subject({ objectives: ['income'] }),
    [['objectives', ['income'], ['income', 'growth']]],
    [],
    'it would have been permitted if the objectives had been income, growth (they were income)',
  ],
  [
    'consent',
    product(),
    subject({ consents: { profiling: false, personalisation: true } }),
    [['consentProfiling', false, true]],
    [],
    'it would have been permitted if consent to the use of the profile had been given',
  ],
  [
    'assessment',
    product(),
    subject(assessed('C3', { assessedAt: startOfTest - 400 * dayMs })),
    [['assessmentExpired', true, false]],
    [],
    'it would have been permitted if the risk assessment had been within its term',
  ],
  [
    'unknown horizon',
    product(),
    subject({ horizonMonths: null }),
    [['horizonMonths', null, 6]],
    [],
    'it would have been permitted if the horizon had been 6 months (it was unknown)',
  ],
  [
    'age',
    product(rated('R4')),
    subject({ birthDate: '1950-01-01' }),
    [['ageYears', 76, 64]],
    [],
    'it would have been permitted if the age had been 64 (it was 76)',
  ],
  [
    'two',
    product(rated('R4')),
    subject({ ...assessed('C3'), objectives: ['income'] }),
    [
      ['objectives', ['income'], ['income', 'growth']],
      ['riskLevel', 3, 4],
    ],
    [],
    'no single change suffices; it would have been permitted if the objectives had been income, growth (they were income), and the assessment had given C4 (it gave C3)',
  ],
  [
    'status',
    product({ status: 'suspended', ...rated('R4') }),
    subject(assessed('C3')),
    [],
    ['CN-LIFE'],
    'not by the investor: facts of the product or of the day decide under CN-LIFE',
  ],
] as const)('%s', (_, of, who, changes, byProduct, words) => {
  const result = found(of, who)
  expect(result.changes).toEqual(changes.map(([field, from, to]) => ({ input: `investor.${field}`, from, to })))
  expect(result.product).toEqual(byProduct)
  expect(result.words).toBe(words)
  expect(result.chinese.length).toBeGreaterThan(5)
})

/** Values of an input that the brute force tries: all, or of wide figures some drawn and those near. */
function domainOf(
  field: keyof typeof investorInputs,
  from: InputValue,
  of: ProductInputs,
  random: () => number,
): InputValue[] {
  const declaration: Declaration = investorInputs[field]
  if (declaration.type === 'bool') return [true, false]
  if (declaration.type === 'string') return [...(declaration.values ?? [])]
  if (declaration.type === 'int') {
    const [least, largest] = boundsOf[field] ?? [0, 12_000]
    if (largest - least < 10) return Array.from({ length: largest - least + 1 }, (_, n) => least + n)
    const near = typeof from === 'number' ? from : least
    const drawn = Array.from({ length: 30 }, () => least + Math.floor(random() * (largest - least + 1)))
    const close = Array.from({ length: 20 }, (_, n) => near - 10 + n)
    return [...drawn, ...close].filter((value) => value >= least && value <= largest)
  }
  const had = (from ?? []) as readonly string[]
  const members = [...new Set([...(declaration.values ?? [String(of.id)]), ...had])]
  const toggled = (list: readonly string[], one: string) =>
    list.includes(one) ? list.filter((member) => member !== one) : [...list, one]
  return [
    ...(from === null ? [[]] : []),
    ...members.map((a) => toggled(had, a)),
    ...members.flatMap((a, n) => members.slice(n + 1).map((b) => toggled(toggled(had, a), b))),
  ]
}

/** How far a value lies from the one that was; written apart from values.ts. */
function distance(field: keyof typeof investorInputs, from: InputValue, to: InputValue): number {
  if (Array.isArray(to)) {
    const had = (from ?? []) as readonly string[]
    const [a, b] = [new Set<unknown>(had), new Set<unknown>(to)]
    return [...a].filter((one) => !b.has(one)).length + [...b].filter((one) => !a.has(one)).length
  }
  if (typeof to === 'number') return typeof from === 'number' ? Math.abs(to - from) : to
  const declaration: Declaration = investorInputs[field]
  if (typeof to === 'string')
    return from === null
      ? (declaration.values ?? []).indexOf(to)
      : Math.abs((declaration.values ?? []).indexOf(to) - (declaration.values ?? []).indexOf(String(from)))
  return 1
}

test('the change named does permit, by the reference, and none that is smaller does', () => {
  const random = seeded(5)
  const at = startOfTest
  const seen = { none: 0, one: 0, two: 0 }
  for (let number = 0; number < 100; number++) {
    const pack = packs[number % 3] as Pack
    const reference = referenceFor(pack)
    const profile = randomInvestor(random, number, at)
    const who = subjectOf({ profile, knownAt: at - dayMs, behaviour: { purchased: [], viewed: [] } }, 'push', pack, at)
    const of = productInputsOf(randomProduct(random, number, at), pack.timeZone)
    const result = counterfactual(pack, of, who)
    if (result.findings.length === 0) continue
    const permits = (changes: Readonly<Record<string, InputValue>>): boolean =>
      reference.findings(of, { ...who, investor: { ...who.investor, ...changes } }).length === 0
    const named = Object.fromEntries(result.changes.map(({ input, to }) => [input.split('.')[1]!, to]))
    if (result.changes.length > 0) expect(permits(named)).toBe(true)
    const [change] = result.changes
    if (result.changes.length === 1) seen.one += 1
    else if (result.changes.length === 2) seen.two += 1
    else seen.none += 1
    const limit = result.changes.length === 1 ? placeOf(change!.input.split('.')[1]!) : Infinity
    for (const field of Object.keys(investorInputs) as (keyof typeof investorInputs)[]) {
      if (placeOf(field) > limit) continue
      const from = who.investor[field]
      for (const to of domainOf(field, from, of, random)) {
        if (placeOf(field) === limit && distance(field, from, to) >= distance(field, from, change!.to)) continue
        if (JSON.stringify(to) !== JSON.stringify(from))
          expect([field, to, permits({ [field]: to })]).toEqual([field, to, false])
      }
    }
    // Of two, neither may be left out.
    if (result.changes.length === 2)
      for (const { input } of result.changes) {
        const { [input.split('.')[1]!]: _, ...rest } = named
        expect(permits(rest)).toBe(false)
      }
  }
  expect(Math.min(seen.none, seen.one, seen.two)).toBeGreaterThan(1)
}, 300_000)
