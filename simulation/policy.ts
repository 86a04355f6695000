import { type Random } from '../features/definitions/random.js'
import { type Behaviour } from '../features/schema/behaviour.js'
import { type Investor } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
import { type Instant } from '../features/schema/time.js'
import { at, indexOfSum } from './at.js'

/** Products on sale that behave alike towards rules: ordinals, and running sums of how well known each is. */
export type Bucket = {
  /** Index in `ProductKind.options`; R-level 1 to 5. */
  readonly kind: number
  readonly level: number
  readonly minHorizonMonths: number
  /** Bit i: `Objective.options[i]` is served. */
  readonly objectives: number
  readonly ordinals: Int32Array
  readonly sums: Float64Array
  /** The last sum. */
  readonly total: number
}

/** One place of a slate. */
export type Shown = { readonly product: number; readonly propensityMillionths: number }

export type SlateRequest = {
  readonly investor: Investor
  readonly knownAt: Instant
  readonly at: Instant
  readonly size: number
  /** What is on sale and suits him. */
  readonly suitable: readonly Bucket[]
  /** The product as known now, by ordinal; null before its launch. */
  readonly product: (ordinal: number) => Product | null
  /** His views and purchases up to now. */
  readonly behaviour: () => Behaviour
  readonly random: Random
}

/**
 * Fills a slate: up to `size` different products by rank, each with the probability with which it was put there. A
 * policy of the outside (a model's) is a function like this one; the simulation shows whatever it returns.
 */
export type SlatePolicy = (request: SlateRequest) => readonly Shown[]

/** Draws without replacement in proportion to fame, among the suitable: the list that everyone is shown. */
export const popularSlates: SlatePolicy = ({ suitable, size, random }) => {
  const shown: Shown[] = []
  const weights = suitable.map(({ total }) => total)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let left = all
  // Whoever is drawn again is drawn anew: few products suit a C1, so the tries are bounded.
  for (let tries = 0; shown.length < size && tries < 20 * size && all > 0; tries++) {
    const { product, weight } = drawFrom(suitable, all, random)
    if (shown.some((one) => one.product === product)) continue
    const propensityMillionths = Math.min(1_000_000, Math.max(1, Math.round((weight / left) * 1_000_000)))
    shown.push({ product, propensityMillionths })
    left -= weight
  }
  return shown
}

/** A product in proportion to its weight among all buckets, whose totals sum up to `all`. */
function drawFrom(buckets: readonly Bucket[], all: number, random: Random): { product: number; weight: number } {
  let target = random.uniform() * all
  let bucket = at(buckets, 0)
  for (const one of buckets) {
    bucket = one
    if (target < one.total) break
    target -= one.total
  }
  const index = indexOfSum(bucket.sums, target)
  return { product: at(bucket.ordinals, index), weight: weightAt(bucket, index) }
}

const weightAt = ({ sums }: Bucket, index: number): number => at(sums, index) - (index === 0 ? 0 : at(sums, index - 1))
