import { bootstrapMeans, type Interval } from '../training/evaluation/bootstrap.js'

/**
 * Mean of values with its 95 % interval, of 1,000 resamples. For a paired comparison the values are the differences.
 * Throws a RangeError without a value.
 */
export function bootstrap(values: readonly number[], seed: number): Interval {
  const [interval] = bootstrapMeans([Float64Array.from(values)], { seed, label: 'benchmark', resamples: 1000 })
  if (interval == null) throw new RangeError('bootstrap: no value to draw from')
  return interval
}
