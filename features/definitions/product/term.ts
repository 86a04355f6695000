import { type Feature } from '../feature.js'

export const term: Feature<'product'> = {
  name: 'term',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'months',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Months from inception to maturity; missing for a product without a term.',
  reads: ['product.termMonths'],
  value: ({ product }) => product.termMonths,
}
