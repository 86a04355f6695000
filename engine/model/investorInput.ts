import { featureById } from '../../features/definitions/catalogue.js'
import { type Feature } from '../../features/definitions/feature.js'
import { valueOf } from '../../features/definitions/vectors.js'
import { type Behaviour } from '../../features/schema/behaviour.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Weighted } from './foldIn.js'

/** What the investor tower reads. Training and serving call these two functions and no others. */

/** [f] raw values, NaN for a missing one. */
export type RawFeatures = (investor: InvestorSnapshot, at: Instant) => Float32Array

/**
 * Features by id (`name@version`; a name alone, as models of before there were versions have it, is version 1), in the
 * given order. Throws an Error for one that is not defined, or is none of an investor as a decision is given him.
 */
export function investorFeaturesNamed(ids: readonly string[]): RawFeatures {
  const features = definitionsOf(ids)
  return (investor, at) => Float32Array.from(features, (feature) => valueOf(feature, { investor, at }) ?? Number.NaN)
}

/** The definitions of an investor's features by id. Throws as `investorFeaturesNamed`. */
export const definitionsOf = (ids: readonly string[]): readonly Feature<'investor'>[] =>
  ids.map((id) => {
    const feature = featureById(id)
    if (feature?.entity !== 'investor')
      throw new Error(`model file: it reads investor feature ${id}, which is not defined`)
    return feature
  })

/** Beyond so many standard deviations a value is cut. */
const widest = 4

/**
 * Raw values [f] → [2f]: standardised, missing at the mean, which is 0; then 1 for each one missing. A column with the
 * scale 0 never varied in training: nothing was learnt of it, and both its places stay 0.
 */
export function standardisedInput(
  raw: ArrayLike<number>,
  means: ArrayLike<number>,
  scales: ArrayLike<number>,
): Float32Array {
  const f = means.length
  const input = new Float32Array(2 * f)
  for (let column = 0; column < f; column++) {
    const scale = scales[column]!
    if (scale === 0) continue
    const value = raw[column]!
    if (Number.isNaN(value)) input[f + column] = 1
    else input[column] = standardisedValue(value, means[column]!, scale)
  }
  return input
}

/** (value − mean) / scale, cut; 0 where the scale is 0. */
export const standardisedValue = (value: number, mean: number, scale: number): number =>
  scale === 0 ? 0 : Math.max(-widest, Math.min(widest, (value - mean) / scale))

export type BagOptions = {
  /** Weight of a product that was viewed and not purchased; of a purchased one it is 1. */
  readonly viewWeight: number
  /** An age of so many days halves a weight, of twice as many leaves a third: w / (1 + age / recencyDays). */
  readonly recencyDays: number
  /** How many of the newest are taken. */
  readonly mostPurchased: number
  readonly mostViewed: number
}

/** The investor's past as weighted rows, ascending; products that the model does not know are left out. */
export function historyBag(
  behaviour: Behaviour,
  at: Instant,
  rowOf: ReadonlyMap<ProductId, number>,
  { viewWeight, recencyDays, mostPurchased, mostViewed }: BagOptions,
): Weighted[] {
  const weights = new Map<number, number>()
  const take = (list: Behaviour['purchased'], most: number, weight: number): void => {
    for (let place = 0; place < list.length && place < most; place++) {
      const { productId, lastAt } = list[place]!
      const row = rowOf.get(productId)
      if (row === undefined || weights.has(row)) continue
      weights.set(row, weight / (1 + Math.max(0, at - lastAt) / 86_400_000 / recencyDays))
    }
  }
  take(behaviour.purchased, mostPurchased, 1)
  if (viewWeight > 0) take(behaviour.viewed, mostViewed, viewWeight)
  return Array.from(weights, ([row, weight]) => ({ row, weight })).sort((a, b) => a.row - b.row)
}
