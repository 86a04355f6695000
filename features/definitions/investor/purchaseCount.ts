import { type Feature } from '../feature.js'

export const purchaseCount: Feature<'investor'> = {
  name: 'purchase_count',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'purchases',
  default: null,
  validDays: null,
  owner: 'recommendation',
  meaning: 'Purchases so far, of the products that the past keeps.',
  reads: ['investor.behaviour.purchased'],
  value: ({ investor }) => investor.behaviour.purchased.reduce((sum, { count }) => sum + count, 0),
}
