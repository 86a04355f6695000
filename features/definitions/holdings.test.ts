import fc from 'fast-check'
import { type Lot, noTrades } from '../schema/holdings.js'
import { type ProductId } from '../schema/ids.js'
import { type Money } from '../schema/money.js'
import { anyTrade } from '../../tests/randomTrades.js'
import { foldTrades, holdingsOf, settledCap, tradedCap, type TradeEvent, unsettledCap } from './holdings.js'

const cny = (minor: number): Money => ({ minor, currency: 'CNY' })
const usd = (minor: number): Money => ({ minor, currency: 'USD' })
const trade =
  (type: TradeEvent['type']) =>
  (occurredAt: number, size: Pick<TradeEvent, 'amount' | 'unitsMicros'> = {}, productId = 'p'): TradeEvent => ({
    type,
    productId: productId as ProductId,
    occurredAt,
    ...size,
  })
const [buy, sell] = [trade('purchase'), trade('redemption')]
const plan = (occurredAt: number, action: 'started' | 'stopped', amount: Money | null = null): TradeEvent => ({
  ...trade('recurring-plan')(occurredAt, { amount }),
  action,
})
const lot = (boughtAt: number, amount: Money | null, unitsMicros: number | null = null): Lot => ({
  boughtAt,
  amount,
  unitsMicros,
})
const heldAfter = (events: readonly TradeEvent[]) => holdingsOf(foldTrades(events)).positions[0]

describe('lots, first in, first out', () => {
  const bought = [buy(1, { amount: cny(100) }), buy(2, { amount: cny(50) })]
  const inUnits = [buy(1, { amount: cny(100), unitsMicros: 10 }), buy(2, { amount: cny(90), unitsMicros: 6 })]
  test.each<[string, TradeEvent[], Lot[], number]>([
    ['purchases alone', bought, [lot(1, cny(100)), lot(2, cny(50))], 0],
    ['a part of the oldest', [...bought, sell(3, { amount: cny(30) })], [lot(1, cny(70)), lot(2, cny(50))], 0],
    ['the oldest and a part of the next', [...bought, sell(3, { amount: cny(120) })], [lot(2, cny(30))], 0],
    ['exactly all', [...bought, sell(3, { amount: cny(150) })], [], 0],
    ['more than is held', [...bought, sell(3, { amount: cny(151) })], [], 1],
    ['a redemption between purchases', [...bought, sell(1.5, { amount: cny(100) })], [lot(2, cny(50))], 0],
    ['a redemption ahead of all purchases', [...bought, sell(0.5)], [lot(1, cny(100)), lot(2, cny(50))], 1],
    ['all of it', [...bought, sell(3)], [], 0],
    ['all of it, and a purchase of the same instant', [...bought, sell(2)], [], 0],
    [
      'an amount in another currency',
      [...bought, sell(3, { amount: usd(10) })],
      [lot(1, cny(100)), lot(2, cny(50))],
      1,
    ],
    [
      'units: of the cost the same share goes',
      [...inUnits, sell(3, { unitsMicros: 3 })],
      [lot(1, cny(70), 7), lot(2, cny(90), 6)],
      0,
    ],
    [
      'units, whatever they fetched',
      [...inUnits, sell(3, { unitsMicros: 12, amount: cny(999) })],
      [lot(2, cny(60), 4)],
      0,
    ],
    [
      'a share that does not divide',
      [buy(1, { amount: cny(10), unitsMicros: 3 }), sell(2, { unitsMicros: 1 })],
      [lot(1, cny(7), 2)],
      0,
    ],
    ['an amount out of lots in units', [...inUnits, sell(3, { amount: cny(145) })], [lot(2, cny(45), 3)], 0],
    [
      'an unknown lot is passed over',
      [buy(0), ...bought, sell(3, { amount: cny(100) })],
      [lot(0, null), lot(2, cny(50))],
      0,
    ],
    ['an unknown lot does not stand for what is missing', [buy(0), sell(3, { amount: cny(1) })], [lot(0, null)], 1],
    ['an unknown lot ends with all', [buy(0), ...bought, sell(3)], [], 0],
    [
      'nothing was paid, and nothing taken',
      [buy(1, { amount: cny(0) }), sell(2, { amount: cny(-5) }), buy(3)],
      [lot(3, null)],
      0,
    ],
    ['units without a price', [buy(1, { amount: cny(0), unitsMicros: 5 })], [lot(1, null, 5)], 0],
    [
      'amounts beyond 2^53 as a product',
      [buy(1, { amount: cny(9e15), unitsMicros: 9e15 }), sell(2, { unitsMicros: 1 })],
      [lot(1, cny(9e15 - 1), 9e15 - 1)],
      0,
    ],
  ])('%s', (_, events, lots, unmatchedRedemptions) => {
    const position = { productId: 'p', lots, unmatchedRedemptions }
    expect(heldAfter(events)).toEqual(lots.length + unmatchedRedemptions === 0 ? undefined : position)
    expect(heldAfter([...events].reverse())).toEqual(heldAfter(events))
  })

  test('products are held apart, and listed by id', () => {
    const { positions } = holdingsOf(foldTrades([buy(1, {}, 'b'), buy(1, {}, 'a'), buy(2, {}, 'c'), sell(3, {}, 'c')]))
    expect(positions.map(({ productId }) => productId)).toEqual(['a', 'b'])
  })
})

describe('plans', () => {
  test.each([
    ['started', [plan(1, 'started', cny(5))], [{ productId: 'p', since: 1, amount: cny(5) }]],
    ['stopped', [plan(1, 'started'), plan(2, 'stopped')], []],
    ['stopped at once', [plan(1, 'started'), plan(1, 'stopped')], []],
    [
      'started again',
      [plan(1, 'started'), plan(2, 'stopped'), plan(3, 'started')],
      [{ productId: 'p', since: 3, amount: null }],
    ],
  ])('%s', (_, events, plans) => {
    expect(holdingsOf(foldTrades(events)).plans).toEqual(plans)
    expect(holdingsOf(foldTrades([...events].reverse())).plans).toEqual(plans)
  })
})

const asEvent = ({
  at,
  productId,
  ...drawn
}: typeof anyTrade extends fc.Arbitrary<infer T> ? T : never): TradeEvent => ({
  productId: productId as ProductId,
  occurredAt: at,
  ...drawn,
})
const anyEvents = fc.array(anyTrade.map(asEvent), { maxLength: 60 })
const shuffled = anyEvents.chain((events) =>
  fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
)

test('any order and any parts give the same', () => {
  fc.assert(
    fc.property(shuffled, fc.nat(60), fc.nat(60), ([events, other], first, second) => {
      const atOnce = foldTrades(events)
      const cuts = [0, ...[first, second].sort((a, b) => a - b), other.length]
      const parts = cuts.slice(1).map((cut, n) => other.slice(cuts[n], cut))
      expect(parts.reduce((trades, part) => foldTrades(part, trades), noTrades)).toEqual(atOnce)
    }),
  )
})

test('what is left and what was taken come to what was bought, and nothing is below 1', () => {
  const sized = fc.record({ isBuy: fc.boolean(), at: fc.nat(30), minor: fc.integer({ min: 1, max: 20 }) })
  fc.assert(
    fc.property(fc.array(sized, { maxLength: 60 }), (drawn) => {
      const inOrder = [...drawn].sort((a, b) => a.at - b.at || Number(b.isBuy) - Number(a.isBuy) || a.minor - b.minor)
      let [held, unmatched] = [0, 0]
      for (const { isBuy, minor } of inOrder) {
        if (!isBuy && minor > held) unmatched += 1
        held = isBuy ? held + minor : Math.max(0, held - minor)
      }
      for (const measure of ['amount', 'unitsMicros'] as const) {
        const size = (minor: number) => (measure === 'amount' ? { amount: cny(minor) } : { unitsMicros: minor })
        const found = heldAfter(drawn.map(({ isBuy, at, minor }) => (isBuy ? buy : sell)(at, size(minor))))
        const left = (found?.lots ?? []).map(({ amount, unitsMicros }) => amount?.minor ?? unitsMicros ?? 0)
        expect(left.reduce((sum, one) => sum + one, 0)).toBe(held)
        expect(left.filter((one) => one < 1)).toEqual([])
        expect(found?.unmatchedRedemptions ?? 0).toBe(unmatched)
      }
    }),
  )
})

test('lots run from the oldest, their sizes are whole and above nothing, whatever the events', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      for (const { lots } of holdingsOf(foldTrades(events)).positions) {
        expect(lots.map(({ boughtAt }) => boughtAt)).toEqual(lots.map(({ boughtAt }) => boughtAt).sort((a, b) => a - b))
        const sizes = lots.flatMap(({ amount, unitsMicros }) => [amount?.minor ?? 1, unitsMicros ?? 1])
        expect(sizes.filter((size) => !Number.isSafeInteger(size) || size < 1)).toEqual([])
      }
    }),
  )
})

describe('caps', () => {
  const most = unsettledCap + settledCap
  const many = Array.from({ length: most + 40 }, (_, n) => buy(n, { amount: cny(10), unitsMicros: 3 }))

  test('the oldest lots are merged, dated by the youngest of them, and nothing is lost', () => {
    const { lots } = heldAfter(many) ?? { lots: [] }
    expect(lots).toHaveLength(most)
    expect(lots[0]).toEqual(lot(40, cny(410), 123))
    expect(lots.slice(1)).toEqual(many.slice(41).map(({ occurredAt }) => lot(occurredAt, cny(10), 3)))
  })

  test('one by one they give the same as at once', () => {
    const mixed = many.flatMap((one, n) => (n % 5 === 4 ? [one, sell(n, { unitsMicros: 2 })] : [one]))
    expect(mixed.reduce((trades, event) => foldTrades([event], trades), noTrades)).toEqual(foldTrades(mixed))
  })

  test('an event may come as late as behind the unsettled ones, and nothing changes', () => {
    const late = many.slice(0, -unsettledCap)
    const [early = buy(0), ...others] = many.slice(-unsettledCap)
    expect([...late, ...others, early].reduce((trades, event) => foldTrades([event], trades), noTrades)).toEqual(
      foldTrades(many),
    )
  })

  test.each<[string, (n: number) => Pick<TradeEvent, 'amount' | 'unitsMicros'>, Lot]>([
    ['two currencies', (n) => ({ amount: n % 2 === 0 ? cny(10) : usd(10), unitsMicros: 1 }), lot(40, null, 41)],
    [
      'amounts of which one is unknown',
      (n) => ({ amount: n === 3 ? null : cny(10), unitsMicros: 1 }),
      lot(40, null, 41),
    ],
    ['units of which one is unknown', (n) => ({ amount: cny(10), unitsMicros: n === 3 ? null : 1 }), lot(40, cny(410))],
    ['more than can be counted', () => ({ amount: cny(9e15), unitsMicros: 9e15 }), lot(40, null)],
  ])('what does not add up is unknown: %s', (_, sizeOf, oldest) => {
    const { lots } = heldAfter(many.map(({ occurredAt }, n) => buy(occurredAt, sizeOf(n)))) ?? { lots: [] }
    expect([lots.length, lots[0]]).toEqual([most, oldest])
  })

  test('of too many products those that are held stay, and then the last traded', () => {
    const held = Array.from({ length: tradedCap - 1 }, (_, n) => buy(n, {}, `h${n}`))
    const sold = [1, 2, 3].flatMap((n) => [buy(1_000 + n, {}, `s${n}`), sell(2_000 + n, {}, `s${n}`)])
    const { products } = foldTrades([...held, ...sold])
    expect(products).toHaveLength(tradedCap)
    expect(products.at(-1)?.productId).toBe('s3')
    expect(
      foldTrades([buy(5_000, {}, 'x')], { products, plans: [] }).products.map(({ productId }) => productId),
    ).toEqual([...products.slice(0, -1).map(({ productId }) => productId), 'x'])
  })
})
