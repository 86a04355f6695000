import { type Bitset, hasBit } from '../suitability/bitset.js'
import { type Vectors } from './vectors.js'

/** Stored in a release: the choice never depends on timing, so that a replay makes the same one. */
export type PlannerThresholds = {
  /** Up to so many permitted vectors the exact scan serves. */
  readonly exactUpTo: number
  /** HNSW only where each level searched is permitted but for this share of its products, in basis points. */
  readonly maxBlockedBps: number
  readonly k: number
  readonly ef: number
}

export const defaultThresholds: PlannerThresholds = { exactUpTo: 100_000, maxBlockedBps: 1000, k: 200, ef: 400 }

export type Plan = { readonly search: 'exact' } | { readonly search: 'hnsw'; readonly levels: readonly number[] }

/** Exact, or HNSW over the levels that are permitted whole but for a few products; levels all blocked are left out. */
export function planSearch(
  vectors: Vectors,
  mask: Bitset,
  permitted: number,
  thresholds: PlannerThresholds,
  hasHnsw: boolean,
): Plan {
  if (!hasHnsw || permitted <= thresholds.exactUpTo) return { search: 'exact' }
  const levels: number[] = []
  for (let level = 0; level <= 5; level++) {
    const [from, to] = [vectors.levelStart[level]!, vectors.levelStart[level + 1]!]
    let open = 0
    for (let row = from; row < to; row++) if (hasBit(mask, row)) open += 1
    if (open === 0) continue
    if ((to - from - open) * 10_000 > thresholds.maxBlockedBps * (to - from)) return { search: 'exact' }
    levels.push(level)
  }
  return { search: 'hnsw', levels }
}
