import { type Feature } from '../feature.js'

/** Whether it invests across borders (QDII). */
export const crossBorder: Feature<'product'> = {
  name: 'cross_border',
  entity: 'product',
  unit: '0 or 1',
  reads: ['product.crossBorder'],
  value: ({ product }) => (product.crossBorder ? 1 : 0),
}
