import { type Interactions } from '../../interactions.js'
import { decayed } from '../decay.js'
import { itemCounts } from '../popularity.js'

/** What no purchase at all stands at, as a share. */
const leastShare = 1e-4
/** Days beyond which a product is as old, or as long unsold, as can be: e⁷. */
const most = 7

/**
 * What is known of the products at the time of the fit, [n] each: the logarithm of a product's share of all purchases,
 * of ever and decayed by each half-life, and of the days since its first and its latest purchase, about 0 in the middle.
 */
export function productColumns(
  interactions: Interactions,
  popularityHalfLives: readonly number[],
): Map<string, Float32Array> {
  const columns = new Map([['popularity', logShares(itemCounts(interactions))]])
  for (const days of popularityHalfLives)
    columns.set(`popularity${days}`, logShares(itemCounts(decayed(interactions, days))))
  const { first, latest } = daysSince(interactions)
  columns.set(
    'firstBought',
    first.map((days) => logDays(days) - 5),
  )
  columns.set(
    'latestBought',
    latest.map((days) => logDays(days) - 3),
  )
  return columns
}

const logDays = (days: number): number => Math.min(most, Math.log1p(days))

function logShares(counts: Float32Array): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1
  return counts.map((count) => Math.log(count / total + leastShare))
}

/** Of a product that nobody bought the first purchase is now, and the latest was never. */
function daysSince({ itemIds, items, ages }: Interactions): { first: Float32Array; latest: Float32Array } {
  const first = new Float32Array(itemIds.length)
  const latest = new Float32Array(itemIds.length).fill(Infinity)
  for (let at = 0; at < items.length; at++) {
    const [item, age] = [items[at]!, ages?.[at] ?? 0]
    first[item] = Math.max(first[item]!, age)
    latest[item] = Math.min(latest[item]!, age)
  }
  return { first, latest }
}
