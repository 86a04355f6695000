import { buildHnsw, defaultGraph, hnswSearch, loadHnswlib } from '../engine/retrieval/hnsw.js'
import { exactSearch } from '../engine/retrieval/exact.js'
import { type Vectors } from '../engine/retrieval/vectors.js'
import { type Bitset, bitsWhere, countBits } from '../engine/suitability/bitset.js'
import { report, rounded, timed } from './suite.js'

export type LevelRecall = {
  readonly levels: string
  readonly permitted: number
  readonly recall: number
  readonly worst: number
}

/** Rows of levels R1 up to `top`. */
export const levelMask = (vectors: Vectors, top: number): Bitset =>
  bitsWhere(
    vectors.productIds.length,
    (row) => row >= (vectors.levelStart[1] ?? 0) && row < (vectors.levelStart[top + 1] ?? 0),
  )

/** Queries as an investor of the content model makes them: the mean of a few products. Deterministic, 200 of them. */
export function queriesOf(vectors: Vectors): readonly Float32Array[] {
  const n = vectors.productIds.length
  return Array.from({ length: 200 }, (_, q) => {
    const query = new Float32Array(vectors.dimension)
    for (let part = 0; part < 1 + (q % 4); part++) {
      const row = (q * 7919 + part * 104_729 + 31) % n
      for (let i = 0; i < vectors.dimension; i++)
        query[i] = (query[i] ?? 0) + (vectors.matrix[row * vectors.dimension + i] ?? 0)
    }
    return query
  }).filter((query) => query.some((value) => value !== 0))
}

const options = (top: number) => ({ k: 100, ef: 400, overfetch: 1, levels: [1, 2, 3, 4, 5].slice(0, top) })

/**
 * recall@100 of HNSW against the exact scan, with levels up to R1 … R5 permitted. A hit is a product whose score is at
 * least that of the exact scan's 100th: funds come in share classes with equal facts, and of equals either will do.
 */
export async function hnswRecall(vectors: Vectors): Promise<readonly LevelRecall[]> {
  const loaded = await loadHnswlib()
  if ('missing' in loaded) throw new Error(loaded.missing)
  const index = buildHnsw(loaded.library, vectors, defaultGraph)
  const queries = queriesOf(vectors)
  return [1, 2, 3, 4, 5].map((top) => {
    const mask = levelMask(vectors, top)
    const recalls = queries.map((query) => {
      const exact = exactSearch(vectors, query, mask, 100)
      const least = exact.scores[exact.scores.length - 1] ?? Infinity
      const near = hnswSearch(index, vectors, query, mask, options(top))
      return near.scores.filter((score) => score >= least).length / exact.rows.length
    })
    const recall = recalls.reduce((sum, value) => sum + value, 0) / recalls.length
    return { levels: `R1 to R${top}`, permitted: countBits(mask), recall, worst: Math.min(...recalls) }
  })
}

/** Both searches side by side, in one run. */
export async function hnswBesideExact(vectors: Vectors, data: string): Promise<void> {
  const loaded = await loadHnswlib()
  if ('missing' in loaded) throw new Error(loaded.missing)
  const index = buildHnsw(loaded.library, vectors, defaultGraph)
  const queries = queriesOf(vectors)
  let turn = 0
  const next = (): Float32Array => queries[turn++ % queries.length] ?? new Float32Array(vectors.dimension)
  const recalls = await hnswRecall(vectors)
  const rows = [1, 2, 3, 4, 5].map((top, place) => {
    const mask = levelMask(vectors, top)
    const [exact, near] = timed({
      exact: () => exactSearch(vectors, next(), mask, 100),
      hnsw: () => hnswSearch(index, vectors, next(), mask, options(top)),
    })
    const { levels, permitted, recall, worst } = recalls[place] ?? { levels: '', permitted: 0, recall: NaN, worst: NaN }
    return {
      levels,
      permitted,
      'recall@100': rounded(recall, 4),
      'worst query': rounded(worst, 2),
      'exact µs': rounded(exact?.microseconds ?? NaN, 1),
      'HNSW µs': rounded(near?.microseconds ?? NaN, 1),
      'HNSW / exact': rounded(near?.ratio ?? NaN),
    }
  })
  report('hnsw', {
    question: 'Does HNSW, one graph a level, find what the exact scan finds, and when is it faster?',
    baseline: 'the exact scan of the permitted rows, k = 100',
    n: `${vectors.productIds.length} products (${data}), ${vectors.dimension} dimensions, ${queries.length} queries, ef 400`,
    rows,
    remarks: ['A hit has at least the score of the exact 100th: share classes of one fund have equal vectors.'],
  })
}
