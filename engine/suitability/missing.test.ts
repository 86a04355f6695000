import { type Investor } from '../../features/schema/investor.js'
import { type Product } from '../../features/schema/product.js'
import {
  each,
  type Facts,
  holds,
  initiations,
  judged,
  market,
  ordinals,
  someNames,
  without,
} from '../../tests/lawMarket.js'
import { randomPurchase } from '../../tests/randomMarket.js'
import { type Pack } from './pack.js'
import { compileInputs, type Verdicts, whyNot, whyWarned } from './verdicts.js'
import { type InputValue } from './vocabulary.js'

/** Every input whose absence exempts, and the words in which the rule's source says why. */
const exempted: Readonly<Record<string, readonly (readonly [string, string, RegExp])[]>> = {
  'cn-2026': [
    ['CN-TERM', 'product.termMonths', /without a term has none/],
    ['CN-RATE', 'product.managerRiskLevel', /without a manager's rating the rule does not apply/],
    ['CN-CONCENTRATION', 'context.positionBps', /assets that are not stated cannot be compared/],
    ['CN-LIMIT-LEAST', 'product.minPurchaseMinor', /states no such limit has none/],
    ['CN-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no such limit has none/],
  ],
  'eu-mifid2': [
    ['EU-TERM', 'product.termMonths', /without a term has none/],
    ['EU-LIMIT-LEAST', 'product.minPurchaseMinor', /states no least amount has none/],
    ['EU-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no daily limit has none/],
  ],
  'us-finra': [
    ['US-TERM', 'product.termMonths', /without a term has none/],
    ['US-LIMIT-LEAST', 'product.minPurchaseMinor', /states no least amount has none/],
    ['US-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no daily limit has none/],
  ],
}

test.each(each)('%s: these inputs alone may be missing, each for a reason that its source gives', (id, pack) => {
  const found = pack.rules.flatMap((rule) => Object.keys(rule.whenMissing).map((input) => [rule.id, input]))
  expect(found).toEqual(exempted[id]?.map(([ruleId, input]) => [ruleId, input]))
  for (const [ruleId, , reason] of exempted[id] ?? [])
    expect(pack.rules.find((rule) => rule.id === ruleId)?.source).toMatch(reason)
})

/** What `before` blocks is still blocked, and what it warns of is not permitted: but by rules that exempt an input. */
function expectNoWider(before: Verdicts, after: Verdicts, pack: Pack, input: string | null): void {
  const exempts = (ruleId: string): boolean =>
    pack.rules.some((rule) => rule.id === ruleId && input !== null && rule.whenMissing[input] !== undefined)
  for (const ordinal of ordinals) {
    const now = [...whyNot(after, ordinal), ...whyWarned(after, ordinal)]
    expect(without(whyNot(before, ordinal), whyNot(after, ordinal)).filter((id) => !exempts(id))).toEqual([])
    expect(without(whyWarned(before, ordinal), now).filter((id) => !exempts(id))).toEqual([])
  }
}

test.each(each)('%s: a missing input never adds a product, and never turns a warning to permit', (_, pack) => {
  let removed = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const subject = subjectFor(pack, initiations[seed % 2] ?? 'push')
    const inputs = inputsFor(pack)
    const compiled = compileInputs(inputs, pack)
    const before = compiled.judge(subject)
    for (const { entity, field } of someNames(random, pack)) {
      const forget = <T extends Readonly<Record<string, InputValue>>>(values: T): T => ({ ...values, [field]: null })
      const after =
        entity === 'product'
          ? judged(pack, inputs.map(forget), subject)
          : compiled.judge({ ...subject, [entity]: forget(subject[entity]) })
      expectNoWider(before, after, pack, `${entity}.${field}`)
      removed += before.permittedCount - after.permittedCount
    }
  })
  expect(removed).toBeGreaterThan(0)
})

const ofInvestor =
  (change: (profile: Investor) => Partial<Investor>) =>
  (facts: Facts): Facts => ({
    ...facts,
    profile: { ...facts.profile, ...change(facts.profile) },
  })
const ofProducts =
  (change: (product: Product) => Partial<Product>) =>
  (facts: Facts): Facts => ({
    ...facts,
    products: facts.products.map((product) => ({ ...product, ...change(product) })),
  })
const ofAssessment = (change: Partial<NonNullable<Investor['riskAssessment']>>) =>
  ofInvestor(({ riskAssessment }) => ({
    riskAssessment: riskAssessment === null ? null : { ...riskAssessment, ...change },
  }))
const ofFinances = (field: keyof NonNullable<Investor['finances']>) =>
  ofInvestor(({ finances }) => ({ finances: finances === null ? null : { ...finances, [field]: null } }))

/** A fact that is taken away, and the input whose absence some rules exempt; null: none may. */
const forgotten: readonly (readonly [string, (facts: Facts) => Facts, string | null])[] = [
  ['assessment', ofInvestor(() => ({ riskAssessment: null })), null],
  ['instant of the assessment', ofAssessment({ assessedAt: null }), null],
  ['birth', ofInvestor(() => ({ birthDate: null })), null],
  ['objectives', ofInvestor(() => ({ objectives: null })), null],
  ['horizon', ofInvestor(() => ({ horizonMonths: null })), null],
  ['loss capacity', ofInvestor(() => ({ lossCapacityBps: null })), null],
  ['knowledge', ofInvestor(() => ({ knowledge: {} })), null],
  ['sustainability', ofInvestor(() => ({ sustainability: null })), null],
  ['finances', ofInvestor(() => ({ finances: null })), null],
  ['assets', ofFinances('financialAssets'), null],
  ['income', ofFinances('yearlyIncome'), null],
  ['tax status', ofFinances('taxStatus'), null],
  ['liquidity needs', ofFinances('liquidityNeeds'), null],
  ['other investments', ofFinances('otherInvestments'), null],
  ['purchases', (facts) => ({ ...facts, activity: { ...facts.activity, purchased12Months: null } }), null],
  ['costs', (facts) => ({ ...facts, activity: { ...facts.activity, costs12Months: null } }), null],
  ['rating', ofProducts(() => ({ rating: null })), null],
  ['SRI', ofProducts(() => ({ sri: null })), null],
  ['facts', ofProducts(() => ({ facts: null })), null],
  ['sustainable', ofProducts(() => ({ sustainable: null })), null],
  ['target objectives', ofProducts((of) => ({ targetMarket: { ...of.targetMarket, objectives: [] } })), null],
  ['holding period', ofProducts((of) => ({ targetMarket: { ...of.targetMarket, minHorizonMonths: null } })), null],
  ['manager’s rating', ofProducts(() => ({ managerRiskLevel: null })), 'product.managerRiskLevel'],
  ['term', ofProducts(() => ({ termMonths: null })), 'product.termMonths'],
  ['least purchase', ofProducts(() => ({ minPurchase: null })), 'product.minPurchaseMinor'],
  ['daily limit', ofProducts(() => ({ maxDailyPurchase: null })), 'product.maxDailyPurchaseMinor'],
]

test.each(each)('%s: nor does a fact that is missing in a profile or of a product', (_, pack) => {
  let removed = 0
  holds((seed) => {
    const { random, facts, subjectFor, inputsFor } = market(seed)
    const purchase = randomPurchase(random)
    const initiation = initiations[seed % 2] ?? 'push'
    const verdictsOf = (told: Facts): Verdicts =>
      judged(pack, inputsFor(pack, told.products), subjectFor(pack, initiation, purchase, told))
    const before = verdictsOf(facts)
    for (const [, forget, input] of Array.from(
      { length: 6 },
      () => forgotten[Math.floor(random() * forgotten.length)] ?? forgotten[0]!,
    )) {
      const after = verdictsOf(forget(facts))
      expectNoWider(before, after, pack, input)
      removed += before.permittedCount - after.permittedCount
    }
  })
  expect(removed).toBeGreaterThan(0)
})
