import { type ActivityKind, activityKinds } from '../../schema/daily.js'
import { windows } from '../activityFacts.js'
import { type Feature } from '../feature.js'

const reads = ['investor.daily'] as const
const common = { version: 1, entity: 'activity', default: 0, validDays: null, owner: 'recommendation', reads } as const
const nouns: Readonly<Record<ActivityKind, string>> = {
  viewed: 'views',
  purchased: 'purchases',
  redeemed: 'redemptions',
}

/** A column a kind of activity and window. */
export const windowCounts: readonly Feature<'activity'>[] = activityKinds.flatMap((kind) =>
  windows.map((days) => ({
    ...common,
    name: `${nouns[kind]}_${days}d`,
    type: 'count' as const,
    unit: nouns[kind],
    meaning: `How many ${nouns[kind]} within ${days} days, today included.`,
    value: ({ activity }) => activity.counts[kind][days],
  })),
)

export const productsViewed: Feature<'activity'> = {
  ...common,
  name: 'products_viewed_90d',
  type: 'count',
  unit: 'products',
  meaning: 'How many different products he looked at within 90 days.',
  value: ({ activity }) => activity.productsViewed90,
}

export const companiesTouched: Feature<'activity'> = {
  ...common,
  name: 'companies_365d',
  type: 'count',
  unit: 'companies',
  reads: ['investor.daily', 'catalogue.companyId'],
  meaning: 'Of how many fund companies he viewed, bought or redeemed a product within 365 days.',
  value: ({ activity }) => activity.companies365,
}

/** Days on which there was any activity. */
export const activeDays: readonly Feature<'activity'>[] = ([30, 365] as const).map((days) => ({
  ...common,
  name: `active_days_${days}d`,
  type: 'count' as const,
  unit: 'days',
  meaning: `On how many days he viewed, bought or redeemed anything within ${days} days.`,
  value: ({ activity }) => activity.activeDays[days],
}))

/** Days (UTC) since the last activity of a kind, or of any. */
export const daysSince: readonly Feature<'activity'>[] = (['viewed', 'purchased', 'redeemed', 'seen'] as const).map(
  (kind) => ({
    ...common,
    name: kind === 'seen' ? 'days_since_seen' : `days_since_${nouns[kind].slice(0, -1)}`,
    // days_since_view and days_since_purchase of version 1 count whole times of 24 hours.
    version: kind === 'viewed' || kind === 'purchased' ? 2 : 1,
    type: 'count' as const,
    unit: 'days',
    default: null,
    meaning:
      kind === 'seen'
        ? 'Days since he last viewed, bought or redeemed anything; missing where he never did, or not for 400 days.'
        : `Days from his last ${nouns[kind].slice(0, -1)} to today; missing where there is none, or not for 400 days.`,
    value: ({ activity }) => activity.daysSince[kind],
  }),
)
