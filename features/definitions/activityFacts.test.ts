import { type CompanyId, type ProductId } from '../schema/ids.js'
import { activityFacts } from './activityFacts.js'
import { storedFeatures } from './catalogue.js'
import { foldDaily } from './daily.js'
import { foldTrades, type TradeEvent } from './holdings.js'
import { type ProductTraits, type TraitsOf } from './traits.js'

const day = 86_400_000
const today = 20_000
/** Some time of a day so many before today. */
const ago = (days: number): number => (today - days) * day + 12_345_678

const traits: Readonly<Record<string, ProductTraits>> = {
  cash: { group: 'cash', companyId: 'A' as CompanyId, level: 1 },
  fund: { group: 'equity', companyId: 'B' as CompanyId, level: 4 },
  stock: { group: 'equity', companyId: 'A' as CompanyId, level: 5 },
  unrated: { group: 'bond', companyId: 'C' as CompanyId, level: 0 },
}
const traitsOf: TraitsOf = (id) => traits[id]

type Told = readonly [type: TradeEvent['type'], productId: string, daysAgo: number, minor?: number]
const factsOf = (told: readonly Told[]) => {
  const events = told.map(([type, productId, daysAgo, minor]): TradeEvent => ({
    type,
    productId: productId as ProductId,
    occurredAt: ago(daysAgo),
    amount: minor === undefined ? null : { minor, currency: 'CNY' },
  }))
  return activityFacts({ daily: foldDaily(events), trades: foldTrades(events) }, today * day + 5, traitsOf)
}
const featuresOf = (told: readonly Told[]): Readonly<Record<string, number | null>> => {
  const activity = factsOf(told)
  return Object.fromEntries(
    storedFeatures.flatMap((one) => (one.entity === 'activity' ? [[one.name, one.value({ activity })]] : [])),
  )
}

test('a window of n days holds today and the n - 1 before it', () => {
  const { counts } = factsOf([0, 6, 7, 29, 30, 89, 90, 364, 365].map((days) => ['view', 'fund', days] as const))
  expect(counts.viewed).toEqual({ 7: 2, 30: 4, 90: 6, 365: 8 })
  expect(counts.purchased).toEqual({ 7: 0, 30: 0, 90: 0, 365: 0 })
})

test('an event dated tomorrow by a clock ahead of ours is of today', () => {
  const { counts, daysSince } = factsOf([['view', 'fund', -1]])
  expect([counts.viewed[7], daysSince.viewed]).toEqual([1, 0])
})

test('products, companies, days and the time since', () => {
  const facts = factsOf([
    ['view', 'fund', 3],
    ['view', 'fund', 3],
    ['view', 'stock', 3],
    ['view', 'cash', 95],
    ['purchase', 'fund', 40],
    ['redemption', 'unrated', 200],
    ['view', 'unknown', 1],
    ['view', 'cash', 380],
  ])
  // "unknown" is in no catalogue: a product that he viewed, of no company.
  expect([facts.productsViewed90, facts.companies365]).toEqual([3, 3])
  expect(facts.activeDays).toEqual({ 30: 2, 365: 5 })
  expect(facts.daysSince).toEqual({ viewed: 1, purchased: 40, redeemed: 200, seen: 1 })
})

test('decayed counts halve every 30 days of a view and every 90 of a purchase', () => {
  const { decayed } = factsOf([
    ['view', 'fund', 0],
    ['view', 'stock', 30],
    ['view', 'stock', 30],
    ['view', 'cash', 60],
    ['view', 'unrated', 90],
    ['purchase', 'fund', 90],
    ['purchase', 'cash', 180],
  ])
  const [cash, bond, mixed, fof, equity, alternative] = decayed.viewed.byGroup
  expect([mixed, fof, alternative]).toEqual([0, 0, 0])
  expect(equity).toBeCloseTo(1 + 2 * 0.5, 12)
  expect(cash).toBeCloseTo(0.25, 12)
  expect(bond).toBeCloseTo(0.125, 12)
  // Of A: 1 of stock and .25 of cash; of B: 1; of C: .125.
  expect(decayed.viewed.topCompanyShare).toBeCloseTo(1.25 / 2.375, 12)
  expect(decayed.viewed.meanLevel).toBeCloseTo((1 * 4 + 1 * 5 + 0.25 * 1) / 2.25, 12)
  expect(decayed.purchased.byGroup[4]).toBeCloseTo(0.5, 12)
  expect(decayed.purchased.byGroup[0]).toBeCloseTo(0.25, 12)
  expect(decayed.purchased.meanLevel).toBeCloseTo((0.5 * 4 + 0.25 * 1) / 0.75, 12)
  expect(decayed.redeemed).toEqual({ byGroup: [0, 0, 0, 0, 0, 0], topCompanyShare: null, meanLevel: null })
})

test('holdings by first in, first out, and what was traded in 365 days', () => {
  const features = featuresOf([
    ['purchase', 'fund', 400, 1_000],
    ['purchase', 'fund', 100, 500],
    ['purchase', 'cash', 10, 300],
    ['redemption', 'fund', 50, 400],
  ])
  // 600 are left of the first lot, 500 of the second, and 300 of cash.
  expect(features).toMatchObject({
    held_products: 2,
    held_lots: 3,
    held_cost: 1_400,
    holding_days_mean: (400 + 100 + 10) / 3,
    holding_days_oldest: 400,
    purchased_365d: 800,
    redeemed_365d: 400,
    mean_purchase_365d: 400,
    turnover_365d: 400 / (1_400 + 400),
    unmatched_redemptions: 0,
    active_plans: 0,
  })
})

test('sums with an unknown amount, or of two currencies, are missing; of nothing they are 0 or missing', () => {
  const unknown = featuresOf([
    ['purchase', 'fund', 10, 100],
    ['purchase', 'cash', 10],
  ])
  expect(unknown).toMatchObject({ held_products: 2, held_cost: null, purchased_365d: null, redeemed_365d: 0 })
  expect(unknown).toMatchObject({ mean_purchase_365d: null, turnover_365d: null })
  expect(featuresOf([])).toMatchObject({
    held_cost: 0,
    holding_days_mean: null,
    purchased_365d: 0,
    mean_purchase_365d: null,
    turnover_365d: null,
    days_since_seen: null,
    viewed_top_company_share: null,
  })
  const mixed = [
    {
      type: 'purchase' as const,
      productId: 'fund' as ProductId,
      occurredAt: ago(1),
      amount: { minor: 1, currency: 'CNY' },
    },
    {
      type: 'redemption' as const,
      productId: 'cash' as ProductId,
      occurredAt: ago(1),
      amount: { minor: 1, currency: 'USD' },
    },
  ]
  const facts = activityFacts({ daily: foldDaily(mixed), trades: foldTrades(mixed) }, today * day, traitsOf)
  expect(facts.trades).toMatchObject({ purchased: null, redeemed: null })
})
