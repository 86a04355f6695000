import { dot } from '../models/dot.js'
import { randomFor } from '../random.js'
import { type Measured } from './report.js'

export type Interval = { readonly value: number; readonly low: number; readonly high: number }

/** [n], a value each of the same investors in the same order; NaN: he has none. */
export type Column = Float64Array

const [lower, upper] = [0.025, 0.975]
const { floor } = Math

export type Bootstrap = { readonly seed: number; readonly label: string; readonly resamples: number }

/** [n] each: what is summed, and what its sum is divided by; null: 1 everywhere. */
export type Ratio = { readonly values: Float64Array; readonly weights: Float64Array | null }

/**
 * Means of columns with the 95 % interval over investors (`bootstrapRatios`): the mean of a column of differences is a
 * paired comparison. A resample in which nobody has a value is left out. Null for a column without any value.
 */
export function bootstrapMeans(columns: readonly Column[], options: Bootstrap): (Measured | null)[] {
  const summands = columns.map(summandsOf)
  const intervals = bootstrapRatios(
    summands.map(({ ratio }) => ratio),
    options,
  )
  return summands.map(({ n }, at) => {
    const interval = intervals[at]
    return n === 0 || interval === undefined ? null : { ...interval, n }
  })
}

/**
 * Σ values / Σ weights of each, with the 95 % interval of the percentile bootstrap (Efron and Tibshirani 1993, ch. 13) over
 * the n that are summed. They are of one length, and all see the same resamples; the same seed and label give the same
 * intervals.
 */
export function bootstrapRatios(ratios: readonly Ratio[], { seed, label, resamples }: Bootstrap): Interval[] {
  const n = ratios[0]?.values.length ?? 0
  const { uniform } = randomFor(seed, `bootstrap ${label}`)
  const drawnRatios = ratios.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample++) {
    const times = drawn(n, uniform)
    ratios.forEach((ratio, at) => {
      const own = drawnRatios[at]
      if (own !== undefined) own[resample] = ratioOf(ratio, times)
    })
  }
  const once = new Float64Array(n).fill(1)
  return ratios.map((ratio, at) => {
    const sorted = (drawnRatios[at] ?? once).filter((value) => !Number.isNaN(value)).sort()
    return { value: ratioOf(ratio, once), low: quantile(sorted, lower), high: quantile(sorted, upper) }
  })
}

/** How often each of n is drawn in n draws with replacement. */
function drawn(n: number, uniform: () => number): Float64Array {
  const times = new Float64Array(n)
  for (let draw = 0; draw < n; draw++) {
    const one = floor(uniform() * n)
    times[one] = (times[one] ?? 0) + 1
  }
  return times
}

/** A column as what is summed: 0 where there is no value, and where there is one. */
function summandsOf(column: Column): { readonly ratio: Ratio; readonly n: number } {
  const has = column.map((value) => (Number.isNaN(value) ? 0 : 1))
  const n = has.reduce((sum, one) => sum + one, 0)
  const values = column.map((value) => (Number.isNaN(value) ? 0 : value))
  return { ratio: { values, weights: n === column.length ? null : has }, n }
}

const ratioOf = ({ values, weights }: Ratio, times: Float64Array): number =>
  dot(values, 0, times, 0, times.length) / (weights === null ? times.length : dot(weights, 0, times, 0, times.length))

/** Of ascending values, between the two nearest (Hyndman and Fan 1996, type 7). */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const whole = floor(place)
  const [below = Number.NaN, above = below] = [sorted[whole], sorted[whole + 1]]
  return below + (above - below) * (place - whole)
}

/** First less second, of each investor who has both. */
export const lessColumn = (first: Column, second: Column): Column =>
  first.map((value, at) => value - (second[at] ?? NaN))
