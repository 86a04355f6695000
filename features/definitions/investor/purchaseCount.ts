import { type Feature } from '../feature.js'

/** Purchases so far, of the products that the past keeps; 0 where there is none. */
export const purchaseCount: Feature<'investor'> = {
  name: 'purchase_count',
  entity: 'investor',
  unit: 'purchases',
  reads: ['investor.behaviour.purchased'],
  value: ({ investor }) => investor.behaviour.purchased.reduce((sum, { count }) => sum + count, 0),
}
