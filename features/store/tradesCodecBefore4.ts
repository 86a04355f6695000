import { decode } from 'cborg'
import { type Lot, type PlanWord, type ProductTrades, type Trade, type Trades } from '../schema/holdings.js'

type Place = string | number | null
type PackedProduct = [productId: string, unmatchedRedemptions: number, lots: Place[], trades: Place[]]
type PackedTrades = [products: PackedProduct[], plans: Place[]]

/** The entries of a flat array, so many places each: four a lot, five a trade and a plan. */
const unflattened = <T>(flat: readonly Place[], places: number, entry: (at: number) => unknown): T[] =>
  // Only packTrades of before wrote these bytes, from values that the schema had checked.
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
