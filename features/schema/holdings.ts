import { z } from 'zod'
import { ProductId } from './ids.js'
import { Money } from './money.js'
import { Instant } from './time.js'

/** Units or shares of a product, in whole millionths of one. */
export const UnitsMicros = z.int().min(1)

/** What is left of a purchase: units, and what these cost. Each may be unknown (null), so both may. */
export const Lot = z.strictObject({
  boughtAt: Instant,
  amount: Money.nullable(),
  unitsMicros: UnitsMicros.nullable(),
})
export type Lot = z.infer<typeof Lot>

/**
 * What is held of a product: its lots, the oldest first. `unmatchedRedemptions` counts those of which at least a part
 * found no lot of known size to be taken from: more was redeemed than is known to have been bought.
 */
export const Position = z.strictObject({
  productId: ProductId,
  lots: z.array(Lot),
  unmatchedRedemptions: z.int().min(0),
})
export type Position = z.infer<typeof Position>

/** A recurring plan under way, since it was last started. */
export const ActivePlan = z.strictObject({ productId: ProductId, since: Instant, amount: Money.nullable() })
export type ActivePlan = z.infer<typeof ActivePlan>

/**
 * What an investor holds, by product id. It is what his events come to and nothing else: a profile states no holdings,
 * so there is no other word that it could contradict.
 */
export const Holdings = z.strictObject({ positions: z.array(Position), plans: z.array(ActivePlan) })
export type Holdings = z.infer<typeof Holdings>

/** How much was bought or redeemed; null: not known. */
export type Size = { readonly amount: Money | null; readonly unitsMicros: number | null }
export type Trade = Size & { readonly type: 'purchase' | 'redemption'; readonly occurredAt: Instant }

/** Trades of a product, the oldest first, after those that are settled into lots already. */
export type ProductTrades = {
  readonly productId: ProductId
  readonly settled: Omit<Position, 'productId'>
  readonly trades: readonly Trade[]
}

/** The last that was heard of a product's recurring plan. */
export type PlanWord = {
  readonly productId: ProductId
  readonly at: Instant
  readonly action: 'started' | 'stopped'
  readonly amount: Money | null
}

/** An investor's trades and plans by product id: kept rather than his lots, since a late event may come before them. */
export type Trades = { readonly products: readonly ProductTrades[]; readonly plans: readonly PlanWord[] }

export const noTrades: Trades = Object.freeze({ products: [], plans: [] })
