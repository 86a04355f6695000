import { type Feature } from '../feature.js'

/** Months from inception to maturity; missing for a product without a term. */
export const term: Feature<'product'> = {
  name: 'term',
  entity: 'product',
  unit: 'months',
  reads: ['product.termMonths'],
  value: ({ product }) => product.termMonths,
}
