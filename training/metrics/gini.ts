/**
 * Gini coefficient of exposures (Gini 1912; of recommendations: Fleder and Hosanagar 2009, Management Science 55(5)):
 * half the mean absolute difference of all pairs, relative to the mean,
 *
 *   G = Σᵢ (2i − n − 1) xᵢ / (n Σᵢ xᵢ)   with x ascending, i from 1,
 *
 * 0 where all are shown alike, 1 − 1/n where one is shown alone. `exposures` has an entry for each that could have been
 * shown, at 0 those that were not. Null where nothing was shown. Throws a RangeError for a negative exposure.
 */
export function gini(exposures: ArrayLike<number>): number | null {
  const ascending = Float64Array.from(exposures).sort()
  const n = ascending.length
  if ((ascending[0] ?? 0) < 0) throw new RangeError('gini: an exposure is negative')
  let [sum, weighted] = [0, 0]
  ascending.forEach((value, place) => {
    sum += value
    weighted += (2 * (place + 1) - n - 1) * value
  })
  return sum > 0 ? weighted / (n * sum) : null
}

/** Share of all exposure that the most exposed has; null where nothing was shown. In [1/n, 1]. */
export function topShare(exposures: ArrayLike<number>): number | null {
  let [sum, most] = [0, 0]
  for (let at = 0; at < exposures.length; at++) {
    sum += exposures[at] ?? 0
    most = Math.max(most, exposures[at] ?? 0)
  }
  return sum > 0 ? most / sum : null
}
