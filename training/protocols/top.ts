import { dot } from '../../engine/model/kernel.js'

/** All ordinals by score, best first; ties by ordinal. */
export function topByScore(scores: Float32Array): Int32Array {
  return Int32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
}

/** The best `size` of all vectors by dot product with `query` but for `masked` (ascending), ties by ordinal. */
export type TopByDot = (query: Float32Array, masked: Int32Array, size: number) => number[]

/**
 * Exact: the vectors are scanned by falling length, and the scan ends where |query| |vector| can no longer reach the
 * worst kept score (Teflioudi, Gemulla and Mykytiuk 2015, LEMP). iALS's popular products are long, so that most of a
 * large catalogue is never touched. vectors: [n, d].
 */
export function topByDot(vectors: Float32Array, dimension: number): TopByDot {
  const lengths = new Float32Array(vectors.length / dimension)
  for (let row = 0; row < lengths.length; row++)
    lengths[row] = lengthOf(vectors.subarray(row * dimension, (row + 1) * dimension))
  const order = topByScore(lengths)
  const ordered = new Float32Array(vectors.length)
  order.forEach((row, at) => ordered.set(vectors.subarray(row * dimension, (row + 1) * dimension), at * dimension))
  return (query, masked, size) => {
    const hidden = new Set(masked)
    const best: { item: number; score: number }[] = []
    // A little above 1: lengths are rounded to float32.
    const reach = lengthOf(query) * 1.000001
    for (let at = 0; at < order.length; at++) {
      const item = order[at] ?? 0
      const worst = best.length < size ? -Infinity : (best[best.length - 1]?.score ?? -Infinity)
      if (reach * (lengths[item] ?? 0) < worst) break
      const score = dot(query, 0, ordered, at * dimension, dimension)
      if (score < worst || hidden.has(item)) continue
      insert(best, { item, score }, size)
    }
    return best.map(({ item }) => item)
  }
}

/** The best `size` of all scores but for `masked`, ties by ordinal. */
export function bestOf(scores: Float32Array | Float64Array, masked: Int32Array, size: number): number[] {
  const hidden = new Set(masked)
  const best: { item: number; score: number }[] = []
  let worst = -Infinity
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item] ?? -Infinity
    if ((best.length === size && score <= worst) || hidden.has(item)) continue
    insert(best, { item, score }, size)
    worst = best[best.length - 1]?.score ?? -Infinity
  }
  return best.map(({ item }) => item)
}

function insert(best: { item: number; score: number }[], entry: { item: number; score: number }, size: number): void {
  const precedes = (other: { item: number; score: number }): boolean =>
    other.score > entry.score || (other.score === entry.score && other.item < entry.item)
  let at = best.length
  for (let previous = best[at - 1]; previous !== undefined && !precedes(previous); previous = best[at - 1]) at--
  best.splice(at, 0, entry)
  if (best.length > size) best.pop()
}

const lengthOf = (vector: Float32Array): number => Math.sqrt(dot(vector, 0, vector, 0, vector.length))
