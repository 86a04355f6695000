import { dayNumber } from '../../schema/time.js'
import { dayOfInstant } from '../calendar.js'
import { type Feature } from '../feature.js'

/** Days since inception; negative before it. */
export const productAge: Feature<'product'> = {
  name: 'product_age',
  entity: 'product',
  unit: 'days',
  reads: ['product.inceptionDate'],
  value: ({ product: { inceptionDate }, at }) =>
    inceptionDate === null ? null : dayOfInstant(at) - dayNumber(inceptionDate),
}
