import { type Product } from '../schema/product.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { investorFeatures, pairFeatures, productFeatures } from './catalogue.js'
import { type ContextOf, type Entity, type Feature } from './feature.js'

function vectorOf<E extends Entity>(features: readonly Feature<E>[], context: ContextOf<E>): Float32Array {
  const vector = new Float32Array(features.length)
  for (const [column, feature] of features.entries()) vector[column] = feature.value(context) ?? Number.NaN
  return vector
}

/**
 * [d] columns in the order of `productFeatures`; NaN is missing, and nothing else is NaN. So a vector is its own mask:
 * a model fills the holes by `filled` with the defaults that it was fitted with (the column's mean, as a rule) before
 * it computes, for a NaN would spread through every score.
 */
export const productVector = (product: Product, at: Instant): Float32Array => vectorOf(productFeatures, { product, at })

/** [d] columns in the order of `investorFeatures`; NaN is missing. */
export const investorVector = (investor: InvestorSnapshot, at: Instant): Float32Array =>
  vectorOf(investorFeatures, { investor, at })

/** [d] columns in the order of `pairFeatures`; NaN is missing. */
export const pairVector = (investor: InvestorSnapshot, product: Product, at: Instant): Float32Array =>
  vectorOf(pairFeatures, { investor, product, at })

/** A copy with each missing value replaced by its column's default. vector, defaults: [d]. */
export function filled(vector: Float32Array, defaults: Float32Array): Float32Array {
  if (vector.length !== defaults.length) {
    throw new RangeError(`filled: ${vector.length} columns and ${defaults.length} defaults; want one default a column`)
  }
  return vector.map((value, column) => (Number.isNaN(value) ? (defaults[column] ?? Number.NaN) : value))
}
