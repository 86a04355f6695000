import { type Feature } from '../feature.js'

/** Annualised volatility: of the NAVs, else the one that the rating rests on. */
export const volatility: Feature<'product'> = {
  name: 'volatility',
  entity: 'product',
  unit: 'bps',
  reads: ['product.facts.volatilityBps', 'product.rating.volatilityBps'],
  value: ({ product }) => product.facts?.volatilityBps ?? product.rating?.volatilityBps ?? null,
}
