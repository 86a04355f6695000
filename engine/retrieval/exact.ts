import { type Bitset } from '../suitability/bitset.js'
import { dot, integerScore } from '../model/kernel.js'
import { bestOf, type Candidates } from './candidates.js'
import { type Vectors } from './vectors.js'

/** Calls `visit` for each set bit, ascending. Words of zeros cost one comparison, so a tighter filter is faster. */
export function forEachRow(mask: Bitset, visit: (row: number) => void): void {
  for (let index = 0; index < mask.length; index++) {
    for (let word = mask[index]!; word !== 0; word &= word - 1) visit((index << 5) + 31 - Math.clz32(word & -word))
  }
}

/** The k permitted rows of the largest inner product with the query [dimension]: every one of them is looked at. */
export function exactSearch(vectors: Vectors, query: Float32Array, mask: Bitset, k: number): Candidates {
  const best = bestOf(k, vectors.idRank)
  const { matrix, dimension } = vectors
  forEachRow(mask, (row) => best.offer(row, integerScore(dot(query, 0, matrix, row * dimension, dimension))))
  return best.sorted()
}

/** The k most popular permitted rows. */
export function popularitySearch(vectors: Vectors, mask: Bitset, k: number): Candidates {
  const best = bestOf(k, vectors.idRank)
  forEachRow(mask, (row) => best.offer(row, integerScore(vectors.popularity[row]!)))
  return best.sorted()
}
