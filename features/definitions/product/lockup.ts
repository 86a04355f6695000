import { type Feature } from '../feature.js'

/** Days from a purchase in which it cannot be redeemed; 0: none. */
export const lockup: Feature<'product'> = {
  name: 'lockup',
  entity: 'product',
  unit: 'days',
  reads: ['product.lockupDays'],
  value: ({ product }) => product.lockupDays,
}
