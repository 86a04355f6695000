import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Release } from '../release.js'
import { andInto, type Bitset, emptyBits, hasBit, setBit } from '../suitability/bitset.js'
import { type FloorRows } from '../ranking/floors.js'
import { bestOf, type Candidates } from './candidates.js'
import { exactBest } from './retrieve.js'

/**
 * The candidates, and of what each floor keeps places for, where fewer than `size` are among them, its best `size` that
 * the mask permits, or its first: so that a floor finds its products where there are any, and the caps a choice. A
 * search of its own, exact, over what is in the set alone.
 */
export function withReserved(
  release: Release,
  investor: InvestorSnapshot | null,
  at: Instant,
  mask: Bitset,
  candidates: Candidates,
  kept: readonly FloorRows[],
  size: number,
): Candidates {
  if (kept.length === 0) return candidates
  const scores = new Map(Array.from(candidates.rows, (row, place) => [row, candidates.scores[place] ?? 0]))
  for (const { rows, order } of kept) {
    const has = candidates.rows.reduce((sum, row) => sum + Number(hasBit(rows, row)), 0)
    if (order === null && has >= size) continue
    const permitted = order === null ? mask.slice() : firstOf(order, mask, size)
    andInto(permitted, rows)
    const more = exactBest(release, investor, at, permitted, size)
    more.rows.forEach((row, place) => scores.set(row, scores.get(row) ?? more.scores[place] ?? 0))
  }
  const all = bestOf(scores.size, release.vectors.idRank)
  for (const [row, score] of scores) all.offer(row, score)
  return all.sorted()
}

/** The first rows in an order that a mask permits. */
function firstOf(order: readonly number[], mask: Bitset, size: number): Bitset {
  const first = emptyBits(mask.length * 32)
  let found = 0
  for (const row of order) {
    if (found === size) break
    if (!hasBit(mask, row)) continue
    setBit(first, row)
    found++
  }
  return first
}
