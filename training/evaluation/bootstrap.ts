import { dot } from '../models/dot.js'
import { randomFor } from '../random.js'
import { type Measured } from './report.js'

/** [n], a value each of the same investors in the same order; NaN: he has none. */
export type Column = Float64Array

const [lower, upper] = [0.025, 0.975]
const { floor } = Math

/**
 * Means of columns with the 95 % interval of the percentile bootstrap (Efron and Tibshirani 1993, ch. 13) over
 * investors. All columns see the same resamples, so that the mean of a column of differences is a paired comparison.
 * A resample in which nobody has a value is left out. Null for a column without any value.
 * `columns` are of one length; the same seed and label give the same intervals.
 */
export function bootstrapMeans(
  columns: readonly Column[],
  { seed, label, resamples }: { readonly seed: number; readonly label: string; readonly resamples: number },
): (Measured | null)[] {
  const n = columns[0]?.length ?? 0
  const { uniform } = randomFor(seed, `bootstrap ${label}`)
  const sums = columns.map(summandsOf)
  const means = columns.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample++) {
    const times = drawn(n, uniform)
    sums.forEach((summands, at) => {
      const own = means[at]
      if (own !== undefined) own[resample] = weightedMean(summands, times)
    })
  }
  const once = new Float64Array(n).fill(1)
  return sums.map((summands, at) => {
    if (summands.n === 0) return null
    const sorted = (means[at] ?? once).filter((mean) => !Number.isNaN(mean)).sort()
    const value = weightedMean(summands, once)
    return { value, low: quantile(sorted, lower), high: quantile(sorted, upper), n: summands.n }
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

/** A column as what is summed: 0 where there is no value, and where there is one; null: everywhere. */
type Summands = { readonly values: Float64Array; readonly has: Float64Array | null; readonly n: number }

function summandsOf(column: Column): Summands {
  const has = column.map((value) => (Number.isNaN(value) ? 0 : 1))
  const n = has.reduce((sum, one) => sum + one, 0)
  return { values: column.map((value) => (Number.isNaN(value) ? 0 : value)), has: n === column.length ? null : has, n }
}

const weightedMean = ({ values, has }: Summands, times: Float64Array): number =>
  dot(values, 0, times, 0, times.length) / (has === null ? times.length : dot(has, 0, times, 0, times.length))

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
