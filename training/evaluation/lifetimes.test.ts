import { foldTrades, unsettledCap } from '../../features/definitions/holdings.js'
import { type ProductId } from '../../features/schema/ids.js'
import { heldTimes } from './lifetimes.js'

const dayMs = 86_400_000
const productId = 'P1' as ProductId
const trade = (type: 'purchase' | 'redemption', day: number, units: number | null) => ({
  ...{ type, productId, occurredAt: day * dayMs, amount: null },
  unitsMicros: units,
})
const timesOf = (...trades: ReturnType<typeof trade>[]) =>
  heldTimes(foldTrades(trades), 100 * dayMs).map(({ boughtAt, time, ended }) => [boughtAt / dayMs, time, ended])

test.each([
  ['still held', [trade('purchase', 10, 5)], [[10, 90, false]]],
  ['redeemed whole', [trade('purchase', 10, 5), trade('redemption', 30, 5)], [[10, 20, true]]],
  ['redeemed in part', [trade('purchase', 10, 5), trade('redemption', 30, 4)], [[10, 90, false]]],
  [
    'first in, first out, over two purchases',
    [trade('purchase', 10, 5), trade('purchase', 20, 5), trade('redemption', 30, 7), trade('redemption', 40, 3)],
    [
      [10, 20, true],
      [20, 20, true],
    ],
  ],
  [
    'all at once, and bought again',
    [trade('purchase', 10, 5), trade('purchase', 20, 5), trade('redemption', 30, null), trade('purchase', 50, 1)],
    [
      [10, 20, true],
      [20, 10, true],
      [50, 50, false],
    ],
  ],
  [
    'two of one instant, one of them redeemed',
    [trade('purchase', 10, 5), trade('purchase', 10, 5), trade('redemption', 15, 5)],
    [
      [10, 5, true],
      [10, 90, false],
    ],
  ],
])('purchases %s', (_, trades, want) => expect(timesOf(...trades)).toEqual(want))

test('purchases that are settled are not told apart, and left out', () => {
  const many = Array.from({ length: unsettledCap + 5 }, (_, day) => trade('purchase', day, 1))
  expect(timesOf(...many)).toHaveLength(unsettledCap)
})
