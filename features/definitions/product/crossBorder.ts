import { type Feature } from '../feature.js'

export const crossBorder: Feature<'product'> = {
  name: 'cross_border',
  version: 1,
  entity: 'product',
  type: 'flag',
  unit: '0 or 1',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Whether it invests across borders (QDII).',
  reads: ['product.crossBorder'],
  value: ({ product }) => (product.crossBorder ? 1 : 0),
}
