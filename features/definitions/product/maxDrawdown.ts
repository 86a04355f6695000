import { type Feature } from '../feature.js'

export const maxDrawdown: Feature<'product'> = {
  name: 'max_drawdown',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'bps',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Deepest fall from a peak within three years, 0 to 10,000.',
  reads: ['product.facts.maxDrawdownBps'],
  value: ({ product }) => product.facts?.maxDrawdownBps ?? null,
}
