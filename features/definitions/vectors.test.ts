import fc from 'fast-check'
import { noBehaviour } from '../schema/behaviour.js'
import { ProductId } from '../schema/ids.js'
import { Investor } from '../schema/investor.js'
import { ProductKind } from '../schema/levels.js'
import { Product } from '../schema/product.js'
import { investorFeatures, pairFeatures, productFeatures } from './catalogue.js'
import { kindGroups } from './product/kindGroup.js'
import { filled, investorVector, pairVector, productVector } from './vectors.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const told = '2026-05-08T14:00:00Z'
const bare = Product.parse({
  id: 'p1',
  companyId: 'c1',
  companyName: 'c',
  name: { 'zh-CN': 'p' },
  kind: 'equity',
  currency: 'CNY',
  rating: null,
  status: 'open',
  statusAt: told,
})
const full = Product.parse({
  ...bare,
  statusAt: told,
  crossBorder: true,
  rating: { level: 'R4', basis: 'volatility', ratedAt: told, volatilityBps: 2_500 },
  fees: { purchaseBps: 15, managementBps: 120, custodyBps: 20 },
  lockupDays: 90,
  termMonths: 36,
  targetMarket: { minHorizonMonths: 36 },
  inceptionDate: '2026-04-28',
  facts: {
    navDate: '2026-05-08',
    return1mBps: 1,
    return3mBps: 3,
    return6mBps: 6,
    return12mBps: 12,
    maxDrawdownBps: 900,
  },
})
const person = Investor.parse({
  id: 'i1',
  riskAssessment: { level: 'C3', assessedAt: null, questionnaireVersion: 'v1' },
  birthDate: '1961-05-08',
  horizonMonths: 24,
  assetBand: '300k-3m',
  incomeBand: 'under-60k',
  lossCapacityBps: 500,
  consents: { profiling: true, personalisation: true },
})
const snapshot = {
  profile: person,
  knownAt: 0,
  behaviour: {
    purchased: [
      { productId: ProductId.parse('p1'), count: 2, lastAt: Date.parse('2026-05-01T00:00:00Z') },
      { productId: ProductId.parse('p2'), count: 1, lastAt: 0 },
    ],
    viewed: [],
  },
}

const named = (features: readonly { name: string }[], vector: Float32Array) =>
  Object.fromEntries(features.map(({ name }, column) => [name, vector[column]]))

test('a product with all facts', () => {
  expect(named(productFeatures, productVector(full, at))).toEqual({
    kind_cash: 0,
    kind_bond: 0,
    kind_mixed: 0,
    kind_fund_of_funds: 0,
    kind_equity: 1,
    kind_alternative: 0,
    risk_level: 4,
    volatility: 2_500,
    return_1m: 1,
    return_3m: 3,
    return_6m: 6,
    return_12m: 12,
    max_drawdown: 900,
    purchase_fee: 15,
    yearly_fee: 140,
    lockup: 90,
    term: 36,
    min_horizon: 36,
    product_age: 10,
    cross_border: 1,
  })
})

test('an investor with all facts, and without a past', () => {
  expect(named(investorFeatures, investorVector(snapshot, at))).toEqual({
    age: 65,
    tolerance_level: 3,
    horizon: 24,
    professional: 0,
    asset_band: 3,
    income_band: 0,
    loss_capacity: 500,
    purchase_count: 3,
    days_since_purchase: 7,
    view_count: 0,
    days_since_view: Number.NaN,
    objective_liquidity: Number.NaN,
    objective_preservation: Number.NaN,
    objective_income: Number.NaN,
    objective_growth: Number.NaN,
    objective_aggressive_growth: Number.NaN,
  })
  const wants = { ...snapshot, profile: { ...snapshot.profile, objectives: ['growth' as const] } }
  expect(named(investorFeatures, investorVector(wants, at))).toMatchObject({ objective_growth: 1, objective_income: 0 })
  const fresh = named(investorFeatures, investorVector({ ...snapshot, behaviour: noBehaviour }, at))
  expect(fresh).toMatchObject({ purchase_count: 0, days_since_purchase: Number.NaN })
})

test('an investor and a product: both gaps, and missing where one side is', () => {
  expect(named(pairFeatures, pairVector(snapshot, full, at))).toEqual({ risk_gap: -1, horizon_gap: -12 })
  expect([...pairVector(snapshot, bare, at)]).toEqual([Number.NaN, Number.NaN])
})

test('missing is NaN, and is filled from the defaults', () => {
  const vector = productVector(bare, at)
  const known = new Set([
    'lockup',
    'cross_border',
    ...productFeatures.slice(0, kindGroups.length).map(({ name }) => name),
  ])
  for (const [column, { name }] of productFeatures.entries())
    expect(Number.isNaN(vector[column])).toBe(!known.has(name))
  const defaults = new Float32Array(vector.length).fill(7)
  expect([...filled(vector, defaults)].some(Number.isNaN)).toBe(false)
  expect(filled(vector, defaults)[6]).toBe(7)
  expect(() => filled(vector, new Float32Array(1))).toThrow('want one default a column')
})

test('every kind stands in exactly one group', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ProductKind.options), (kind) => {
      const groups = productVector({ ...bare, kind }, at).slice(0, kindGroups.length)
      return groups.reduce((sum, one) => sum + one, 0) === 1
    }),
  )
})

test('names are unique, and each feature says what it reads', () => {
  const all = [...productFeatures, ...investorFeatures, ...pairFeatures]
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  for (const { reads, unit } of all) {
    expect(reads.length).toBeGreaterThan(0)
    expect(unit).not.toBe('')
  }
})
