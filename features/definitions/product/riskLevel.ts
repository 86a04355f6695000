import { levelNumber } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

export const riskLevel: Feature<'product'> = {
  name: 'risk_level',
  version: 1,
  entity: 'product',
  type: 'ordinal',
  unit: 'level',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: 'Risk rating R1 to R5 as 1 to 5.',
  reads: ['product.rating.level'],
  value: ({ product }) => (product.rating === null ? null : levelNumber(product.rating.level)),
}
