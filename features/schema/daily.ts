import { type ProductId } from './ids.js'

export const activityKinds = ['viewed', 'purchased', 'redeemed'] as const
export type ActivityKind = (typeof activityKinds)[number]

/** How often an investor did something with a product on one day (`schema/time.ts`: a day number, UTC). */
export type DailyCount = {
  readonly day: number
  readonly kind: ActivityKind
  readonly productId: ProductId
  readonly count: number
}

/** By day, the newest first, then by kind and product id; one entry each. */
export type DailyCounts = readonly DailyCount[]

export const noDaily: DailyCounts = Object.freeze([])
