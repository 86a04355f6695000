/** Of a column of a sample: the deciles, and outside of them the 1st and 99th in a hundred. */
const quantiles = [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99] as const

/**
 * Edges of bins, ascending, each a value of the sample (the smallest that at least this share does not exceed);
 * NaN is missing and left out. Equal ones are one: a column of few values has a bin a value. None where nothing is known.
 */
export function edgesOf(values: Float32Array): readonly number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const at = (share: number): number | undefined => known[Math.ceil(share * known.length) - 1]
  return [...new Set(quantiles.map(at))].filter((edge) => edge !== undefined)
}

/** How many bins edges make: below the first, at it, up to each further one, above the last; 1 of none. */
export const binCount = (edges: readonly number[]): number => (edges.length === 0 ? 1 : edges.length + 2)

/** The bin of a value that is no NaN. Values below all that the sample's edges saw, and above, have bins of their own. */
export function binOf(edges: readonly number[], value: number): number {
  if (edges.length === 0 || value < (edges[0] ?? 0)) return 0
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low + 1
}
