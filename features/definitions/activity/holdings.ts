import { type HoldingFacts } from '../activityFacts.js'
import { type Feature } from '../feature.js'

const common = {
  version: 1,
  entity: 'activity',
  validDays: null,
  owner: 'recommendation',
  reads: ['investor.trades'],
} as const

type Column = Pick<Feature<'activity'>, 'name' | 'type' | 'unit' | 'default' | 'meaning'> & {
  readonly field: keyof HoldingFacts
}

const columns: readonly Column[] = [
  { field: 'products', name: 'held_products', type: 'count', unit: 'products', default: 0, meaning: 'Products held.' },
  {
    field: 'lots',
    name: 'held_lots',
    type: 'count',
    unit: 'lots',
    default: 0,
    meaning: 'Lots held, by first in, first out.',
  },
  {
    field: 'cost',
    name: 'held_cost',
    type: 'number',
    unit: 'minor units',
    default: null,
    meaning: 'What the lots held had cost; missing where that of one is unknown, or currencies are mixed.',
  },
  {
    field: 'meanDays',
    name: 'holding_days_mean',
    type: 'number',
    unit: 'days',
    default: null,
    meaning: 'For how long the lots held have been held, on average.',
  },
  {
    field: 'oldestDays',
    name: 'holding_days_oldest',
    type: 'count',
    unit: 'days',
    default: null,
    meaning: 'For how long the oldest lot has been held.',
  },
  {
    field: 'plans',
    name: 'active_plans',
    type: 'count',
    unit: 'plans',
    default: 0,
    meaning: 'Recurring plans under way.',
  },
  {
    field: 'unmatchedRedemptions',
    name: 'unmatched_redemptions',
    type: 'count',
    unit: 'redemptions',
    default: 0,
    meaning: 'Redemptions that known purchases do not cover: his history is not whole.',
  },
]

export const holdingFeatures: readonly Feature<'activity'>[] = columns.map(({ field, ...column }) => ({
  ...common,
  ...column,
  value: ({ activity }) => activity.holdings[field],
}))

export const purchasedAmount: Feature<'activity'> = {
  ...common,
  name: 'purchased_365d',
  type: 'number',
  unit: 'minor units',
  default: null,
  meaning: 'What he paid for purchases within 365 days; missing where an amount is unknown or currencies are mixed.',
  value: ({ activity }) => activity.trades.purchased,
}

export const redeemedAmount: Feature<'activity'> = {
  ...common,
  name: 'redeemed_365d',
  type: 'number',
  unit: 'minor units',
  default: null,
  meaning: 'What his redemptions within 365 days fetched; missing where an amount is unknown or currencies are mixed.',
  value: ({ activity }) => activity.trades.redeemed,
}

export const meanPurchase: Feature<'activity'> = {
  ...common,
  name: 'mean_purchase_365d',
  type: 'number',
  unit: 'minor units',
  default: null,
  meaning: 'Mean amount of a purchase within 365 days; missing where there is none, or an amount is unknown.',
  value: ({ activity: { trades } }) =>
    trades.purchased === null || trades.purchases === 0 ? null : trades.purchased / trades.purchases,
}

export const turnover: Feature<'activity'> = {
  ...common,
  name: 'turnover_365d',
  type: 'ratio',
  unit: 'share',
  default: null,
  meaning:
    'The lesser of purchases and redemptions within 365 days, over the cost of what is held and what was redeemed; missing where these are unknown or nothing.',
  value: ({ activity: { holdings, trades } }) => {
    if (holdings.cost === null || trades.purchased === null || trades.redeemed === null) return null
    const assets = holdings.cost + trades.redeemed
    return assets === 0 ? null : Math.min(trades.purchased, trades.redeemed) / assets
  },
}
