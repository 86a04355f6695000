import { type Feature } from '../feature.js'

/** Deepest fall from a peak within three years, 0 to 10,000. */
export const maxDrawdown: Feature<'product'> = {
  name: 'max_drawdown',
  entity: 'product',
  unit: 'bps',
  reads: ['product.facts.maxDrawdownBps'],
  value: ({ product }) => product.facts?.maxDrawdownBps ?? null,
}
