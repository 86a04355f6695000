import { type Feature } from '../feature.js'

/** Recommended holding period. */
export const minHorizon: Feature<'product'> = {
  name: 'min_horizon',
  entity: 'product',
  unit: 'months',
  reads: ['product.targetMarket.minHorizonMonths'],
  value: ({ product }) => product.targetMarket.minHorizonMonths,
}
