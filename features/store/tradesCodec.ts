import { decode, encode } from 'cborg'
import { type Lot, type PlanWord, type ProductTrades, type Size, type Trade, type Trades } from '../schema/holdings.js'
import { type Money } from '../schema/money.js'

type Place = string | number | null
type PackedProduct = [productId: string, unmatchedRedemptions: number, lots: Place[], trades: Place[]]
type PackedTrades = [products: PackedProduct[], plans: Place[]]

const packMoney = (amount: Money | null): Place[] => (amount === null ? [null, null] : [amount.minor, amount.currency])
const packSize = ({ amount, unitsMicros }: Size): Place[] => [...packMoney(amount), unitsMicros]

/** Lists as one flat array each: four places a lot, five a trade and a plan. */
const packLots = (lots: readonly Lot[]): Place[] => lots.flatMap((lot) => [lot.boughtAt, ...packSize(lot)])
const packList = (trades: readonly Trade[]): Place[] =>
  trades.flatMap((trade) => [trade.occurredAt, Number(trade.type === 'redemption'), ...packSize(trade)])
const packPlans = (plans: readonly PlanWord[]): Place[] =>
  plans.flatMap((plan) => [plan.productId, plan.at, Number(plan.action === 'stopped'), ...packMoney(plan.amount)])

/** The entries of a flat array, so many places each. */
const unflattened = <T>(flat: readonly Place[], places: number, entry: (at: number) => unknown): T[] =>
  // Only packTrades writes these bytes, from values that the schema has checked.
  Array.from({ length: flat.length / places }, (_, n) => entry(n * places) as T)

const moneyAt = (flat: readonly Place[], at: number): unknown =>
  flat[at] === null ? null : { minor: flat[at], currency: flat[at + 1] }
const sizeAt = (flat: readonly Place[], at: number) => ({ amount: moneyAt(flat, at), unitsMicros: flat[at + 2] })

const unpackProduct = ([productId, unmatchedRedemptions, lots, trades]: PackedProduct): ProductTrades => ({
  productId: productId as ProductTrades['productId'],
  settled: {
    lots: unflattened<Lot>(lots, 4, (at) => ({ boughtAt: lots[at], ...sizeAt(lots, at + 1) })),
    unmatchedRedemptions,
  },
  trades: unflattened<Trade>(trades, 5, (at) => ({
    type: trades[at + 1] === 1 ? 'redemption' : 'purchase',
    occurredAt: trades[at],
    ...sizeAt(trades, at + 2),
  })),
})

export const packTrades = ({ products, plans }: Trades): Uint8Array => {
  const packed: PackedTrades = [
    products.map(({ productId, settled, trades }) => [
      productId,
      settled.unmatchedRedemptions,
      packLots(settled.lots),
      packList(trades),
    ]),
    packPlans(plans),
  ]
  return encode(packed)
}

export const unpackTrades = (bytes: Uint8Array): Trades => {
  const [products, plans] = decode(bytes) as PackedTrades
  return {
    products: products.map(unpackProduct),
    plans: unflattened<PlanWord>(plans, 5, (at) => ({
      productId: plans[at],
      at: plans[at + 1],
      action: plans[at + 2] === 1 ? 'stopped' : 'started',
      amount: moneyAt(plans, at + 3),
    })),
  }
}
