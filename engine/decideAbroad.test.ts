import { readFileSync } from 'node:fs'
import { Finances, type Investor } from '../features/schema/investor.js'
import { type Activity } from '../features/schema/records.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from '../tests/randomRelease.js'
import { decide } from './decide.js'
import { readPack } from './suitability/readPack.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const day = 86_400_000
const random = seeded(11)
const catalogue = catalogueOf(Array.from({ length: 2000 }, (_, index) => randomProduct(random, index, at)))
const release = releaseOf(randomModel(catalogue.products, 16, 1), catalogue)
const packOf = (name: string) => readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`)
const packs = { 'eu-mifid2': packOf('eu-mifid2'), 'us-finra': packOf('us-finra') }
type Abroad = keyof typeof packs

const money = (minor: number, currency = 'USD') => ({ minor, currency })
const fit: Investor = {
  ...randomInvestor(seeded(1), 1, at),
  investorClass: 'ordinary',
  riskAssessment: {
    level: 'C3',
    assessedAt: at - day,
    questionnaireVersion: 'q1',
    basis: 'questionnaire',
    lacksFullCapacity: false,
    acceptsNoLoss: false,
  },
  birthDate: '1980-01-01',
  objectives: ['growth', 'income'],
  horizonMonths: 36,
  lossCapacityBps: 2500,
  knowledge: { bond: 'experienced', structured: 'none' },
  sustainability: 'required',
  finances: Finances.parse({
    financialAssets: money(10_000_000),
    yearlyIncome: money(8_000_000),
    taxStatus: 'taxable',
    liquidityNeeds: 'medium',
    otherInvestments: 'some',
  }),
  consents: { profiling: true, personalisation: true },
}
const quiet: Activity = { purchased12Months: money(0), costs12Months: money(0) }

function outcomeUnder(name: Abroad, change: Partial<Investor> = {}, activity: Activity = quiet) {
  const behaviour = { purchased: [], viewed: [] }
  const investor = { profile: { ...fit, ...change }, knownAt: at - day, behaviour, activity }
  const context = { mode: 'live', scene: 'home', size: 10, exclude: [] } as const
  const { decision, disagreements } = decide(release, catalogue, packs[name], investor, context, at, 1)
  expect(disagreements).toEqual([])
  return decision.outcome
}
const slateUnder = (name: Abroad, change: Partial<Investor> = {}) => {
  const outcome = outcomeUnder(name, change)
  if (outcome.kind === 'refusal') throw new Error(`refused: ${outcome.refusal} by ${outcome.ruleId ?? 'no rule'}`)
  return outcome.slate.map(({ productId }) => catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]!)
}
const without = (field: keyof NonNullable<Investor['finances']>): Partial<Investor> => ({
  finances: Finances.parse({ ...fit.finances, [field]: null }),
})

test('eu-mifid2: a fit investor is shown nothing above his class, nothing complex he does not know, and what is sustainable', () => {
  const slate = slateUnder('eu-mifid2')
  expect(slate.length).toBeGreaterThan(0)
  for (const { sri, complexity, kind, sustainable, rating } of slate) {
    expect(sri).toBeLessThanOrEqual(4)
    expect(['R1', 'R2', 'R3']).toContain(rating?.level)
    expect(sustainable).toBe(true)
    if (complexity === 'complex') expect(kind).toBe('bond')
  }
  const adapted = slateUnder('eu-mifid2', { sustainability: 'preferred' })
  expect(adapted.some(({ sustainable }) => sustainable !== true)).toBe(true)
})

test('us-finra: a fit investor is shown nothing above his tolerance, beyond his horizon or locked for longer than he can wait', () => {
  for (const needs of ['medium', 'high'] as const) {
    const slate = slateUnder('us-finra', { finances: Finances.parse({ ...fit.finances, liquidityNeeds: needs }) })
    expect(slate.length).toBeGreaterThan(0)
    for (const { rating, lockupDays, targetMarket } of slate) {
      expect(['R1', 'R2', 'R3']).toContain(rating?.level)
      expect(targetMarket.minHorizonMonths).toBeLessThanOrEqual(36)
      expect(lockupDays).toBeLessThanOrEqual(needs === 'high' ? 0 : 365)
    }
  }
})

test.each<[Abroad, string, Partial<Investor>, string, string]>([
  [
    'eu-mifid2',
    'no consent',
    { consents: { profiling: false, personalisation: true } },
    'consent-missing',
    'EU-CONSENT',
  ],
  ['eu-mifid2', 'no assessment', { riskAssessment: null }, 'no-assessment', 'EU-ASSESS'],
  ['eu-mifid2', 'no objectives', { objectives: [] }, 'profile-incomplete', 'EU-SUIT'],
  ['eu-mifid2', 'no loss capacity', { lossCapacityBps: null }, 'profile-incomplete', 'EU-SUIT'],
  ['eu-mifid2', 'nothing told of knowledge', { knowledge: {} }, 'profile-incomplete', 'EU-SUIT'],
  ['eu-mifid2', 'no sustainability preference asked', { sustainability: null }, 'profile-incomplete', 'EU-ESG-ASKED'],
  ['us-finra', 'no assessment', { riskAssessment: null }, 'no-assessment', 'US-ASSESS'],
  ['us-finra', 'no age', { birthDate: null }, 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no other investments told', without('otherInvestments'), 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no assets', without('financialAssets'), 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no income', without('yearlyIncome'), 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no tax status', without('taxStatus'), 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no objectives', { objectives: null }, 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'nothing told of experience', { knowledge: {} }, 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no horizon', { horizonMonths: null }, 'profile-incomplete', 'US-PROFILE'],
  ['us-finra', 'no liquidity needs', without('liquidityNeeds'), 'profile-incomplete', 'US-PROFILE'],
])('%s, %s: refused', (name, _, change, refusal, ruleId) =>
  expect(outcomeUnder(name, change)).toEqual({ kind: 'refusal', refusal, ruleId }),
)

test.each<[string, Activity, string]>([
  ['a turnover just below 6', { ...quiet, purchased12Months: money(59_998_000) }, 'personal'],
  ['a turnover of 6', { ...quiet, purchased12Months: money(60_000_000) }, 'no-suitable-product'],
  ['costs of a fifth', { ...quiet, costs12Months: money(2_000_000) }, 'personal'],
  ['costs above a fifth', { ...quiet, costs12Months: money(2_000_001) }, 'no-suitable-product'],
  ['purchases that are not known', { ...quiet, purchased12Months: null }, 'no-suitable-product'],
  ['costs in another currency', { ...quiet, costs12Months: money(0, 'EUR') }, 'no-suitable-product'],
])('us-finra, %s', (_, activity, expected) => {
  const outcome = outcomeUnder('us-finra', {}, activity)
  expect(outcome.kind === 'refusal' ? outcome.refusal : outcome.kind).toBe(expected)
  if (outcome.kind === 'refusal') expect(outcome.ruleId).toBe('US-QUANT')
})

test.each<Abroad>(['eu-mifid2', 'us-finra'])('%s: who opted out gets a list that is not personal', (name) =>
  expect(outcomeUnder(name, { consents: { profiling: true, personalisation: false } }).kind).toBe('non-personal'),
)
