import { type Feature } from '../feature.js'

export const purchaseFee: Feature<'product'> = {
  name: 'purchase_fee',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'bps',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Fee on buying.',
  reads: ['product.fees.purchaseBps'],
  value: ({ product }) => product.fees.purchaseBps,
}
