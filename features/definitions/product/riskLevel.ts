import { levelNumber } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

/** R1 to R5 as 1 to 5. */
export const riskLevel: Feature<'product'> = {
  name: 'risk_level',
  entity: 'product',
  unit: 'level',
  reads: ['product.rating.level'],
  value: ({ product }) => (product.rating === null ? null : levelNumber(product.rating.level)),
}
