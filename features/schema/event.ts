import { z } from 'zod'
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
export const Purchase = z.strictObject({
  ...base,
  type: z.literal('purchase'),
  productId: ProductId,
  amount: Money.nullable().default(null),
  decisionId: DecisionId.nullable().default(null),
})
export const Redemption = z.strictObject({
  ...base,
  type: z.literal('redemption'),
  productId: ProductId,
  amount: Money.nullable().default(null),
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

/** What an investor did, when it happened (`occurredAt`); when it became known is kept by the history. */
export const Event = z.discriminatedUnion('type', [View, Exposure, Purchase, Redemption, RecurringPlan, ContentRead])
export type Event = z.infer<typeof Event>
