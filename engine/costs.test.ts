import { type Lot, type Position } from '../features/schema/holdings.js'
import { type Money } from '../features/schema/money.js'
import { type RedemptionTier } from '../features/schema/product.js'
import { at, cny, dayMs, fund } from '../tests/purchaseCase.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { costsOf, feeBpsOf, switchingCap } from './costs.js'

const tiers: readonly RedemptionTier[] = [
  { heldDaysBelow: 7, feeBps: 150 },
  { heldDaysBelow: 30, feeBps: 100 },
  { heldDaysBelow: null, feeBps: 0 },
]

test.each([
  [0, 150],
  [6, 150],
  [7, 100],
  [29, 100],
  [30, 0],
  [4000, 0],
])('held for %i days: %i bp', (days, feeBps) => {
  expect(feeBpsOf(tiers, days)).toBe(feeBps)
})

test('where no tier reaches an age the fee is unknown', () => {
  expect([feeBpsOf([], 1), feeBpsOf([{ heldDaysBelow: 7, feeBps: 150 }], 7)]).toEqual([null, null])
})

const fees = { purchaseBps: 15, managementBps: null, custodyBps: null, redemptionTiers: [...tiers] }
const bought = fund('R3', { fees })
const of = (changes: Parameters<typeof fund>[1] = {}) => catalogueOf([bought, fund('R2', { fees, ...changes })])
const lot = (days: number, amount: Money | null): Lot => ({ boughtAt: at - days * dayMs, amount, unitsMicros: null })
const held = (...lots: Lot[]): Position => ({ productId: fund('R2').id, lots, unmatchedRedemptions: 0 })
const costs = (positions: readonly Position[], catalogue = of(), amount = cny(100_001)) =>
  costsOf(bought, amount, positions, catalogue, at, 'Asia/Shanghai')

test('the fee of buying is told as a bound, rounded up; unknown where the product does not say', () => {
  expect(costs([]).purchase).toEqual({ feeBps: 15, atMost: cny(151) })
  const silent = { ...bought, fees: { ...fees, purchaseBps: null } }
  expect(costsOf(silent, cny(1), [], of(), at, 'Asia/Shanghai').purchase).toEqual({ feeBps: null, atMost: null })
  expect(costs([], of(), cny(Number.MAX_SAFE_INTEGER)).purchase.atMost).toEqual(cny(13_510_798_882_112))
  expect(costs([]).redemptionTiers).toEqual(tiers)
})

describe('what it costs to sell another position for it', () => {
  test.each<[string, Lot[], object]>([
    ['lots that are free', [lot(40, cny(200_000))], { redeemed: cny(100_001), fee: cny(0), heldDays: 40, feeBps: 0 }],
    ['a young lot', [lot(3, cny(50_000))], { redeemed: cny(50_000), fee: cny(750), heldDays: 3, feeBps: 150 }],
    [
      'the oldest first, and a part of the next',
      [lot(40, cny(60_000)), lot(10, cny(30_000)), lot(2, cny(90_000))],
      { redeemed: cny(100_001), fee: cny(0 + 300 + 151), heldDays: 40, feeBps: 0 },
    ],
    [
      'a lot of unknown size ends it',
      [lot(40, cny(60_000)), lot(10, null), lot(2, cny(90_000))],
      { redeemed: cny(60_000), fee: null, heldDays: 40, feeBps: 0 },
    ],
  ])('%s', (_, lots, told) => {
    expect(costs([held(...lots)]).switching).toEqual([{ productId: fund('R2').id, ...told }])
  })

  test('days are those of the calendar: bought at 23:59 the day before is one', () => {
    const late: Lot = { ...lot(0, cny(1)), boughtAt: Date.parse('2026-05-07T15:59:00Z') }
    expect(costs([held(late)]).switching[0]?.heldDays).toBe(1)
    expect(costs([held({ ...late, boughtAt: late.boughtAt + 60_000 })]).switching[0]?.heldDays).toBe(0)
  })

  test('what is locked cannot pay, and unknown tiers have no fee', () => {
    expect(costs([held(lot(40, cny(1)))], of({ lockupDays: 41 })).switching).toEqual([])
    expect(costs([held(lot(41, cny(1)))], of({ lockupDays: 41 })).switching).toHaveLength(1)
    const [told] = costs([held(lot(40, cny(1)))], of({ fees: { ...fees, redemptionTiers: [] } })).switching
    expect([told?.fee, told?.feeBps]).toEqual([null, null])
  })

  test('neither the product itself, nor another currency, nor what the catalogue does not have', () => {
    const own: Position = { ...held(lot(40, cny(1))), productId: bought.id }
    const gone: Position = { ...own, productId: 'gone' as Position['productId'] }
    expect(costs([own, gone]).switching).toEqual([])
    expect(costs([held(lot(40, cny(1)))], of({ currency: 'USD' })).switching).toEqual([])
  })

  test('of many positions those that would pay for most', () => {
    const many = Array.from({ length: 30 }, (_, n) => fund('R2', { id: `h-${n}` as Position['productId'], fees }))
    const positions = many.map(({ id }, n): Position => ({ ...held(lot(40, cny(n + 1))), productId: id }))
    const { switching } = costs(positions, catalogueOf([bought, ...many]))
    expect(switching.map(({ redeemed }) => redeemed.minor)).toEqual(
      Array.from({ length: switchingCap }, (_, n) => 30 - n),
    )
  })
})
