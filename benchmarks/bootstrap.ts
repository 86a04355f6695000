import { randomFor } from '../training/random.js'

export type Interval = { readonly mean: number; readonly low: number; readonly high: number }

const resamples = 1000

/**
 * Mean of values and its 95 % interval by the percentile bootstrap (Efron 1979): values drawn anew with replacement,
 * 1,000 times. For a paired comparison the values are the differences. Throws a RangeError without a value.
 */
export function bootstrap(values: readonly number[], seed: number): Interval {
  if (values.length === 0) throw new RangeError('bootstrap: no value to draw from')
  const n = values.length
  const { uniform } = randomFor(seed, 'bootstrap')
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let draw = 0; draw < n; draw++) sum += values[Math.floor(uniform() * n)] ?? 0
    return sum / n
  }).sort()
  const at = (share: number): number => means[Math.floor(share * (resamples - 1))] ?? NaN
  return { mean: values.reduce((sum, value) => sum + value, 0) / n, low: at(0.025), high: at(0.975) }
}
