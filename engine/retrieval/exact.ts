import { type Bitset } from '../suitability/bitset.js'
import { dot, integerScore, scoreScale } from '../model/kernel.js'
import { bestOf, type Candidates } from './candidates.js'
import { type Vectors } from './vectors.js'

/** The k permitted rows of the largest inner product with the query [dimension]: every one of them is looked at. */
export function exactSearch(vectors: Vectors, query: Float32Array, mask: Bitset, k: number): Candidates {
  const best = bestOf(k, vectors.idRank)
  const { matrix, dimension } = vectors
  // Rounding keeps the order, so a score that cannot round to the worst one held need not be rounded at all. The
  // comparison is false for NaN, which therefore reaches integerScore and throws.
  let least = -Infinity
  for (let index = 0; index < mask.length; index++) {
    for (let word = mask[index]!; word !== 0; word &= word - 1) {
      const row = (index << 5) + 31 - Math.clz32(word & -word)
      const score = dot(query, 0, matrix, row * dimension, dimension)
      if (score < least) continue
      best.offer(row, integerScore(score))
      least = (best.floor() - 1) / scoreScale
    }
  }
  return best.sorted()
}

/** The k most popular permitted rows. */
export const popularitySearch = (vectors: Vectors, mask: Bitset, k: number): Candidates =>
  scoredSearch(vectors, (row) => vectors.popularity[row]!, mask, k)

/** The k permitted rows of the greatest score. */
export function scoredSearch(
  { idRank }: Vectors,
  scoreOf: (row: number) => number,
  mask: Bitset,
  k: number,
): Candidates {
  const best = bestOf(k, idRank)
  for (let index = 0; index < mask.length; index++) {
    for (let word = mask[index]!; word !== 0; word &= word - 1) {
      const row = (index << 5) + 31 - Math.clz32(word & -word)
      best.offer(row, integerScore(scoreOf(row)))
    }
  }
  return best.sorted()
}
