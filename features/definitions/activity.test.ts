import fc from 'fast-check'
import { product } from '../../tests/sampleRecords.js'
import { anyTrade } from '../../tests/randomTrades.js'
import { type ProductId } from '../schema/ids.js'
import { type Activity } from '../schema/records.js'
import { activityOf, type ActivityView } from './activity.js'
import { foldTrades, tradedCap, type TradeEvent, unsettledCap } from './holdings.js'

const at = Date.parse('2026-05-08T03:00:00Z')
const day = 86_400_000
const fees = { custodyBps: null, managementBps: null, redemptionTiers: [] }
const products = [
  product('p0', { fees: { ...fees, purchaseBps: 15 } }),
  product('p1', { fees: { ...fees, purchaseBps: 0 } }),
  product('p2', { fees: { ...fees, purchaseBps: null } }),
]
const view: ActivityView = {
  catalogue: { products, ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])) },
  currency: 'CNY',
  at,
  timeZone: 'America/New_York',
}
const traded =
  (type: TradeEvent['type']) =>
  (daysAgo: number, minor: number | null, productId = 'p0', currency = 'CNY'): TradeEvent => ({
    type,
    productId: productId as ProductId,
    occurredAt: at - daysAgo * day,
    amount: minor === null ? null : { minor, currency },
    unitsMicros: 5,
  })
const [buy, sell] = [traded('purchase'), traded('redemption')]
const figures = ({ purchased12Months, costs12Months }: Activity) => [
  purchased12Months?.minor ?? null,
  costs12Months?.minor ?? null,
]
const of = (events: readonly TradeEvent[], changes: Partial<ActivityView> = {}) =>
  figures(activityOf(foldTrades(events), { ...view, ...changes }))

describe('purchases of 12 months and their costs', () => {
  test.each<[string, TradeEvent[], (number | null)[]]>([
    ['nothing', [], [0, 0]],
    ['one, its cost rounded up', [buy(1, 10_001)], [10_001, 16]],
    ['several, each rounded by itself', [buy(1, 100), buy(2, 100), buy(3, 100, 'p1')], [300, 2]],
    ['what was redeemed again was bought all the same', [buy(9, 1_000), sell(8, 1_000)], [1_000, 2]],
    ['redemptions alone', [sell(8, 1_000)], [0, 0]],
    ['old ones do not count', [buy(400, 7), buy(4, 2_000, 'p1')], [2_000, 0]],
    ['nor does an old one of unknown size', [buy(400, null), buy(4, 2_000, 'p1')], [2_000, 0]],
    ['an unknown amount', [buy(1, null), buy(2, 100)], [null, null]],
    ['another currency', [buy(1, 5, 'p0', 'USD'), buy(2, 100)], [null, null]],
    ['a fee that is not known', [buy(1, 100, 'p2')], [100, null]],
    ['a product that the catalogue lacks', [buy(1, 100, 'p9')], [100, null]],
    ['a sum beyond safe integers', [buy(1, 9e15, 'p1'), buy(2, 9e15, 'p1')], [null, 0]],
  ])('%s', (_, events, expected) => expect(of(events)).toEqual(expected))

  test('the year begins with the day after the same day a year ago, in days of the zone', () => {
    // In New York it is still 7 May, and midnight there is 04:00Z.
    const bought = (instant: string) => of([{ ...buy(0, 500), occurredAt: Date.parse(instant) }])
    expect(bought('2025-05-08T03:59:59Z')).toEqual([0, 0])
    expect(bought('2025-05-08T04:00:00Z')).toEqual([500, 1])
    expect(
      of([{ ...buy(0, 500), occurredAt: Date.parse('2025-05-08T10:00:00Z') }], { timeZone: 'Asia/Shanghai' }),
    ).toEqual([0, 0])
  })

  test('without assets to compare with there is no currency, and no sum', () => {
    expect(of([buy(1, 100)], { currency: null })).toEqual([null, null])
    expect(of([], { currency: null })).toEqual([null, null])
  })
})

describe('what the caps may have hidden is unknown', () => {
  const many = (count: number, newest: number) => Array.from({ length: count }, (_, n) => buy(newest + n, 10, 'p1'))
  test.each([
    ['fewer trades than the cap', many(unsettledCap - 1, 1), [(unsettledCap - 1) * 10, 0]],
    ['as many as the cap, all within the year', many(unsettledCap, 1), [null, null]],
    ['more, some of them settled within the year', many(unsettledCap + 9, 1), [null, null]],
    [
      'as many, the oldest before the year',
      [...many(unsettledCap - 1, 1), buy(500, 10, 'p1')],
      [(unsettledCap - 1) * 10, 0],
    ],
    [
      'more, those settled and the oldest of the others before the year',
      [...many(9, 1), ...many(unsettledCap, 400)],
      [90, 0],
    ],
    [
      'settled within the year and redeemed since',
      [...many(9, 99), sell(98, 90, 'p1'), ...many(unsettledCap, 1)],
      [null, null],
    ],
  ])('%s', (_, events, expected) => expect(of(events)).toEqual(expected))

  test('as many products as are kept', () => {
    const each = (count: number) => Array.from({ length: count }, (_, n) => buy(1, 1, `q${n}`))
    expect(of(each(tradedCap - 1))).toEqual([tradedCap - 1, null])
    expect(of(each(tradedCap))).toEqual([null, null])
    expect(of(each(tradedCap + 5))).toEqual([null, null])
  })
})

test('the plain sum of all events, or unknown: never less, whatever the events and their order', () => {
  const event = anyTrade.map(({ at: daysAgo, productId, ...drawn }): TradeEvent => ({
    ...drawn,
    productId: productId as ProductId,
    occurredAt: at - daysAgo * 20 * day,
  }))
  let known = 0
  fc.assert(
    fc.property(fc.array(event, { maxLength: 90 }), (events) => {
      const recent = events.filter(({ type, occurredAt }) => type === 'purchase' && occurredAt > at - 365 * day)
      // An amount of nothing is no amount: the trade counts where its units are told, and its size is unknown.
      const counted = recent.filter(({ amount, unitsMicros }) => !(amount?.minor === 0 && unitsMicros == null))
      const isKnown = counted.every(({ amount }) => amount?.currency === 'CNY' && amount.minor > 0)
      const sum = counted.reduce((total, { amount }) => total + (amount?.minor ?? 0), 0)
      const [purchased] = of(events)
      if (purchased !== null) expect([isKnown, purchased]).toEqual([true, sum])
      else if (isKnown) expect(events.length).toBeGreaterThanOrEqual(unsettledCap)
      known += purchased === null ? 0 : 1
    }),
    { numRuns: 300 },
  )
  expect(known).toBeGreaterThan(0)
})
