import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Release } from '../release.js'
import { type Bitset, countBits } from '../suitability/bitset.js'
import { type Candidates } from './candidates.js'
import { exactSearch, popularitySearch } from './exact.js'
import { hnswSearch } from './hnsw.js'
import { planSearch } from './planner.js'

export type Retrieved = { readonly by: 'exact' | 'hnsw' | 'popularity'; readonly candidates: Candidates }

/** The best k of the permitted rows for an investor at `at`; by popularity where the model knows nothing of him (null). */
export function retrieve(release: Release, investor: InvestorSnapshot | null, at: Instant, mask: Bitset): Retrieved {
  const { vectors, hnsw, manifest } = release
  const { k, ef } = manifest.thresholds
  const query = investor === null ? null : release.model.embed(investor, at)
  if (query === null) return { by: 'popularity', candidates: popularitySearch(vectors, mask, k) }
  const plan = planSearch(vectors, mask, countBits(mask), manifest.thresholds, hnsw !== null)
  if (plan.search === 'exact' || hnsw === null) return { by: 'exact', candidates: exactSearch(vectors, query, mask, k) }
  // A level may be blocked up to maxBlockedBps: ask for so many more that k are left in the mean, and half again.
  const overfetch = 1 + (1.5 * manifest.thresholds.maxBlockedBps) / 10_000
  return { by: 'hnsw', candidates: hnswSearch(hnsw, vectors, query, mask, { k, ef, overfetch, levels: plan.levels }) }
}
