import { type Product } from '../schema/product.js'
import { type InvestorAccount, type InvestorSnapshot } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { activityFacts } from './activityFacts.js'
import { dayOfInstant } from './calendar.js'
import { investorFeatures, pairFeatures, productFeatures, storedFeatures } from './catalogue.js'
import { type ContextOf, type Entity, type Feature, featureId, type InvestorContext } from './feature.js'
import { type TraitsOf } from './traits.js'

/** A feature's value within its term of validity; null where it is unknown, or was told longer ago. */
export function valueOf<E extends Entity>(feature: Feature<E>, context: ContextOf<E>): number | null {
  return feature.validDays !== null && daysSinceTold(context as Partial<InvestorContext>) > feature.validDays
    ? null
    : feature.value(context)
}

const daysSinceTold = ({ investor, at }: Partial<InvestorContext>): number =>
  investor === undefined || at === undefined ? 0 : dayOfInstant(at) - dayOfInstant(investor.knownAt)

function vectorOf<E extends Entity>(features: readonly Feature<E>[], context: ContextOf<E>): Float32Array {
  const vector = new Float32Array(features.length)
  for (const [column, feature] of features.entries()) vector[column] = valueOf(feature, context) ?? Number.NaN
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

/**
 * [d] columns in the order of `storedFeatures`; NaN is missing. The one function for both sides: what serving reads and
 * what a row of the history holds. Within a day (UTC) it changes by new facts alone.
 */
export function storedVector(investor: InvestorAccount, at: Instant, traitsOf: TraitsOf): Float32Array {
  const activity = { activity: activityFacts(investor, at, traitsOf) }
  const profile = { investor, at }
  const vector = new Float32Array(storedFeatures.length)
  let column = 0
  for (const feature of storedFeatures) {
    const value = feature.entity === 'activity' ? feature.value(activity) : valueOf(feature, profile)
    vector[column++] = value ?? Number.NaN
  }
  return vector
}

export type FeatureValue = { readonly name: string; readonly unit: string; readonly value: number | null }

/** The same as a list to be shown: by id (`name@version`), a missing one null. */
export function storedFeatureValues(
  investor: InvestorAccount,
  at: Instant,
  traitsOf: TraitsOf,
): readonly FeatureValue[] {
  const vector = storedVector(investor, at, traitsOf)
  return storedFeatures.map((feature, column) => {
    const value = vector[column] ?? Number.NaN
    return { name: featureId(feature), unit: feature.unit, value: Number.isNaN(value) ? null : value }
  })
}

/** A copy with each missing value replaced by its column's default. vector, defaults: [d]. */
export function filled(vector: Float32Array, defaults: Float32Array): Float32Array {
  if (vector.length !== defaults.length) {
    throw new RangeError(`filled: ${vector.length} columns and ${defaults.length} defaults; want one default a column`)
  }
  return vector.map((value, column) => (Number.isNaN(value) ? (defaults[column] ?? Number.NaN) : value))
}
