import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Release } from '../release.js'
import { type Bitset, countBits, emptyBits, hasBit, setBit } from '../suitability/bitset.js'
import { type Candidates } from './candidates.js'
import { exactSearch, popularitySearch, scoredSearch } from './exact.js'
import { hnswSearch } from './hnsw.js'
import { planSearch } from './planner.js'

export type Retrieved = { readonly by: 'exact' | 'hnsw' | 'popularity'; readonly candidates: Candidates }

/**
 * The best k of the permitted rows for an investor at `at`; by popularity where the model knows nothing of him (null).
 * `recorded`: the rows that HNSW nominated when it was decided, scored anew in the place of its search, for a graph need
 * not find the same ones everywhere. Searches that look at every row find the same, and are repeated.
 */
export function retrieve(
  release: Release,
  investor: InvestorSnapshot | null,
  at: Instant,
  mask: Bitset,
  recorded: readonly number[] | null = null,
): Retrieved {
  const { vectors, hnsw, manifest } = release
  const { k, ef } = manifest.thresholds
  const query = queryOf(release, investor, at)
  if ('scores' in query) return { by: 'exact', candidates: scoredSearch(vectors, query.scores, mask, k) }
  const { vector } = query
  if (vector === null) return { by: 'popularity', candidates: popularitySearch(vectors, mask, k) }
  const hasHnsw = hnsw !== null || manifest.hnsw.length > 0
  const plan = planSearch(vectors, mask, countBits(mask), manifest.thresholds, hasHnsw)
  if (plan.search === 'exact') return { by: 'exact', candidates: exactSearch(vectors, vector, mask, k) }
  if (recorded !== null)
    return { by: 'hnsw', candidates: exactSearch(vectors, vector, only(recorded, mask), recorded.length) }
  if (hnsw === null) throw new Error(`release ${release.digest} is planned for HNSW, and its graphs were not opened`)
  // A level may be blocked up to maxBlockedBps: ask for so many more that k are left in the mean, and half again.
  const overfetch = 1 + (1.5 * manifest.thresholds.maxBlockedBps) / 10_000
  return { by: 'hnsw', candidates: hnswSearch(hnsw, vectors, vector, mask, { k, ef, overfetch, levels: plan.levels }) }
}

/** The best k by a look at every permitted row, whatever the planner would do. */
export function exactBest(
  release: Release,
  investor: InvestorSnapshot | null,
  at: Instant,
  mask: Bitset,
  k: number,
): Candidates {
  const { vectors } = release
  const query = queryOf(release, investor, at)
  if ('scores' in query) return scoredSearch(vectors, query.scores, mask, k)
  return query.vector === null ? popularitySearch(vectors, mask, k) : exactSearch(vectors, query.vector, mask, k)
}

/** What rows are scored by: scores of their own, or a vector; null where the model knows nothing of him. */
function queryOf(
  { model, vectors }: Release,
  investor: InvestorSnapshot | null,
  at: Instant,
): { readonly scores: (row: number) => number } | { readonly vector: Float32Array | null } {
  if (investor === null) return { vector: null }
  const scores = model.scores?.(investor, at) ?? null
  if (scores === null) return { vector: model.embed(investor, at) }
  return { scores: (row) => scores[model.rowOf.get(vectors.productIds[row]!) ?? -1] ?? 0 }
}

/** Those of the rows that a mask permits. */
function only(rows: readonly number[], mask: Bitset): Bitset {
  const permitted = emptyBits(mask.length * 32)
  for (const row of rows) if (hasBit(mask, row)) setBit(permitted, row)
  return permitted
}
