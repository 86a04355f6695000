import { z } from 'zod'
import { ProductId } from './ids.js'
import { Instant } from './time.js'

/** One product in an investor's past: how often, and when last (ms UTC). */
export const Touched = z.strictObject({ productId: ProductId, count: z.int().min(1), lastAt: Instant })
export type Touched = z.infer<typeof Touched>

/** An investor's past as models read it: purchases and views per product, newest first, ties by id. */
export const Behaviour = z.strictObject({
  purchased: z.array(Touched),
  viewed: z.array(Touched),
  /** Redemptions; absent where there is none. */
  redeemed: z.array(Touched).optional(),
})
export type Behaviour = z.infer<typeof Behaviour>

export const noBehaviour: Behaviour = Object.freeze({ purchased: [], viewed: [] })
