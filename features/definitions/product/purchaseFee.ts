import { type Feature } from '../feature.js'

/** Fee on buying. */
export const purchaseFee: Feature<'product'> = {
  name: 'purchase_fee',
  entity: 'product',
  unit: 'bps',
  reads: ['product.fees.purchaseBps'],
  value: ({ product }) => product.fees.purchaseBps,
}
