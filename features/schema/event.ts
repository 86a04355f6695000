import { z } from 'zod'
import { UnitsMicros } from './holdings.js'
import { DecisionId, EventId, InvestorId, ProductId } from './ids.js'
import { Money } from './money.js'
import { InstantText } from './time.js'

const base = { eventId: EventId, investorId: InvestorId, occurredAt: InstantText }

/** The investor opened a product's page. */
export const View = z.strictObject({ ...base, type: z.literal('view'), productId: ProductId })
/**
 * A recommended product was shown, at a rank from 1. `propensity`: the probability (0 < p ≤ 1) with which the policy put
 * it there, given those above it, as off-policy estimates weigh by; null where it was not logged.
 */
export const Exposure = z.strictObject({
  ...base,
  type: z.literal('exposure'),
  productId: ProductId,
  decisionId: DecisionId,
  rank: z.int().min(1).max(1000),
  propensity: z.number().gt(0).max(1).nullable().default(null),
})
/** `amount`: what was paid for `unitsMicros`, millionths of a unit. Each may be unknown, and is then null. */
export const Purchase = z.strictObject({
  ...base,
  type: z.literal('purchase'),
  productId: ProductId,
  amount: Money.nullable().default(null),
  unitsMicros: UnitsMicros.nullable().default(null),
  decisionId: DecisionId.nullable().default(null),
})
/**
 * Taken from the oldest purchases first: `unitsMicros` of them, or without these as many as cost `amount` (what was paid
 * for them, not what they fetched), or without either all that is held of the product. Beside units, `amount` is what
 * they fetched.
 */
export const Redemption = z.strictObject({
  ...base,
  type: z.literal('redemption'),
  productId: ProductId,
  amount: Money.nullable()
    .default(null)
    .describe('What the units fetched; without unitsMicros, what the units taken had cost'),
  unitsMicros: UnitsMicros.nullable()
    .default(null)
    .describe('Taken from the oldest purchases first; without it by amount, without either all that is held'),
})
export const RecurringPlan = z.strictObject({
  ...base,
  type: z.literal('recurring-plan'),
  productId: ProductId,
  action: z.enum(['started', 'stopped']),
  amount: Money.nullable().default(null),
})
export const ContentRead = z.strictObject({
  ...base,
  type: z.literal('content-read'),
  contentId: z.string().min(1).max(128),
  productId: ProductId.nullable().default(null),
})

/**
 * An earlier event of his was told in error: from when this is known it counts as if it had never been, and not for any
 * instant before. What it should have said comes as an event of its own. A cancellation cannot be cancelled.
 */
export const Cancellation = z.strictObject({
  ...base,
  type: z.literal('cancellation'),
  productId: ProductId.nullable().default(null),
  cancels: EventId,
})

/** What an investor did, when it happened (`occurredAt`); when it became known is kept by the history. */
export const Event = z.discriminatedUnion('type', [
  View,
  Exposure,
  Purchase,
  Redemption,
  RecurringPlan,
  ContentRead,
  Cancellation,
])
export type Event = z.infer<typeof Event>
