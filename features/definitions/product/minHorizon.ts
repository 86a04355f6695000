import { type Feature } from '../feature.js'

export const minHorizon: Feature<'product'> = {
  name: 'min_horizon',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'months',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Recommended holding period.',
  reads: ['product.targetMarket.minHorizonMonths'],
  value: ({ product }) => product.targetMarket.minHorizonMonths,
}
