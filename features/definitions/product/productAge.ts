import { dayNumber } from '../../schema/time.js'
import { dayOfInstant } from '../calendar.js'
import { type Feature } from '../feature.js'

export const productAge: Feature<'product'> = {
  name: 'product_age',
  version: 1,
  entity: 'product',
  type: 'count',
  unit: 'days',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Days since inception; negative before it.',
  reads: ['product.inceptionDate'],
  value: ({ product: { inceptionDate }, at }) =>
    inceptionDate === null ? null : dayOfInstant(at) - dayNumber(inceptionDate),
}
