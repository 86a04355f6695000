import { type Feature } from '../feature.js'

export const lockup: Feature<'product'> = {
  name: 'lockup',
  version: 1,
  entity: 'product',
  type: 'count',
  unit: 'days',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Days from a purchase in which it cannot be redeemed; 0 for none.',
  reads: ['product.lockupDays'],
  value: ({ product }) => product.lockupDays,
}
