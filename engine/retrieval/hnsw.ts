import { hasBit, type Bitset } from '../suitability/bitset.js'
import { dot, integerScore } from '../model/kernel.js'
import { bestOf, type Candidates } from './candidates.js'
import { type Vectors } from './vectors.js'

/**
 * Approximate search: one HNSW graph a risk level (Malkov and Yashunin 2018), so that no callback filters within the
 * search. Inner product becomes cosine by one more coordinate (Bachrach et al. 2014, "Speeding up the Xbox recommender
 * system"): x' = (x/M, √(1 − |x|²/M²)) with M the longest |x|, q' = (q/|q|, 0). HNSW only nominates; the kernel scores.
 */
export type LevelIndex = {
  readonly level: number
  readonly graph: Graph
  /** Rows by label of the graph: a point is a distinct vector, for many equal ones would wall off a part of the graph. */
  readonly rowsOf: readonly Int32Array[]
}
/** What is used of hnswlib-node. Its own types would fail the compiler where the package is absent. */
export type Graph = {
  initIndex(maxElements: number, m: number, efConstruction: number, randomSeed: number): void
  addPoint(point: number[], label: number): void
  setEf(ef: number): void
  searchKnn(query: number[], k: number): { distances: number[]; neighbors: number[] }
  readIndex(file: string): Promise<boolean>
  writeIndex(file: string): Promise<boolean>
}
export type HnswLibrary = { readonly HierarchicalNSW: new (space: 'ip', dimension: number) => Graph }
export type HnswIndex = { readonly levels: readonly LevelIndex[] }
export type HnswParameters = { readonly m: number; readonly efConstruction: number; readonly seed: number }

/** With m = 16 some queries over real funds, which lie in tight clusters, ended in the wrong one: benchmarks/hnsw.ts. */
export const defaultGraph: HnswParameters = { m: 32, efConstruction: 400, seed: 100 }

const space = 'ip'

/** hnswlib-node, or null with the reason where it is not installed: it is compiled at installation, and optional. */
export async function loadHnswlib(): Promise<{ library: HnswLibrary } | { missing: string }> {
  // A variable, so that the compiler does not insist on a package that may be absent.
  const name = 'hnswlib-node'
  try {
    const loaded = (await import(name)) as { default: HnswLibrary }
    return { library: loaded.default }
  } catch (error) {
    return { missing: `hnswlib-node did not load (${(error as { code?: string }).code ?? String(error)})` }
  }
}

/** Builds the graphs of all levels that have a product. */
export function buildHnsw(library: HnswLibrary, vectors: Vectors, parameters: HnswParameters): HnswIndex {
  const { matrix, dimension, levelStart } = vectors
  const longest = Math.sqrt(longestSquared(vectors)) || 1
  const levels: LevelIndex[] = []
  for (let level = 0; level <= 5; level++) {
    if (levelStart[level] === levelStart[level + 1]) continue
    const rowsOf = distinctRows(vectors, level)
    const graph = new library.HierarchicalNSW(space, dimension + 1)
    graph.initIndex(rowsOf.length, parameters.m, parameters.efConstruction, parameters.seed)
    rowsOf.forEach((rows, label) => graph.addPoint(augmented(matrix, rows[0]!, dimension, longest), label))
    levels.push({ level, graph, rowsOf })
  }
  return { levels }
}

/** The rows of a level, those of equal vectors together, in the order of their first: a graph's labels. */
export function distinctRows({ matrix, dimension, levelStart }: Vectors, level: number): readonly Int32Array[] {
  const groups = new Map<string, number[]>()
  const bytes = Buffer.from(matrix.buffer, matrix.byteOffset, matrix.byteLength)
  for (let row = levelStart[level]!; row < levelStart[level + 1]!; row++) {
    const key = bytes.toString('latin1', row * dimension * 4, (row + 1) * dimension * 4)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].map((rows) => Int32Array.from(rows))
}

function longestSquared({ matrix, dimension, productIds }: Vectors): number {
  let longest = 0
  for (let row = 0; row < productIds.length; row++)
    longest = Math.max(longest, dot(matrix, row * dimension, matrix, row * dimension, dimension))
  return longest
}

function augmented(matrix: Float32Array, row: number, dimension: number, longest: number): number[] {
  const point = new Array<number>(dimension + 1)
  let squared = 0
  for (let i = 0; i < dimension; i++) {
    const value = matrix[row * dimension + i]! / longest
    squared += value * value
    point[i] = value
  }
  point[dimension] = Math.sqrt(Math.max(0, 1 - squared))
  return point
}

/**
 * About the k permitted rows of the largest inner product. `levels` are those to search; of what they nominate, rows
 * outside `mask` are dropped, so it is for masks that permit whole levels but for a few products: `overfetch` makes up
 * for those. `ef` is the search's breadth, at least k.
 */
export function hnswSearch(
  index: HnswIndex,
  vectors: Vectors,
  query: Float32Array,
  mask: Bitset,
  options: { readonly k: number; readonly ef: number; readonly overfetch: number; readonly levels: readonly number[] },
): Candidates {
  const { matrix, dimension, idRank } = vectors
  const best = bestOf(options.k, idRank)
  const length = Math.sqrt(dot(query, 0, query, 0, dimension))
  // A query of zeros or worse would get garbage back without an error.
  if (!(length > 0) || !Number.isFinite(length)) throw new Error('HNSW search: the query has no direction')
  const point = [...Array.from(query, (value) => value / length), 0]
  for (const { level, graph, rowsOf } of index.levels) {
    if (!options.levels.includes(level)) continue
    const wanted = Math.min(rowsOf.length, Math.ceil(options.k * options.overfetch))
    graph.setEf(Math.max(options.ef, wanted))
    for (const label of graph.searchKnn(point, wanted).neighbors) {
      const rows = rowsOf[label]!
      const score = integerScore(dot(query, 0, matrix, rows[0]! * dimension, dimension))
      for (const row of rows) if (hasBit(mask, row)) best.offer(row, score)
    }
  }
  return best.sorted()
}
