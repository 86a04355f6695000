import { type Feature } from '../feature.js'

export const volatility: Feature<'product'> = {
  name: 'volatility',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'bps',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Annualised volatility of the NAVs, else the one that the rating rests on.',
  reads: ['product.facts.volatilityBps', 'product.rating.volatilityBps'],
  value: ({ product }) => product.facts?.volatilityBps ?? product.rating?.volatilityBps ?? null,
}
