import { type Interactions, itemsOf, userCount } from '../../interactions.js'
import { type BlendConfig } from '../config.js'

/** What was known at a past date, and what its users bought in the time after it, which has ended. */
export type Window = {
  /** Ages are those at that date. */
  readonly past: Interactions
  /** [users], in the order of `past`; empty for those who bought nothing then, or had no past. */
  readonly bought: readonly (readonly number[])[]
}

/**
 * Windows of `horizonDays` that had ended by the time of the fit, the latest first, their beginnings `stepDays` apart.
 * Fewer than asked for where the pairs do not reach back as far.
 */
export function endedWindows(
  interactions: Interactions,
  { count, stepDays, horizonDays }: BlendConfig['windows'],
): Window[] {
  const { ages } = interactions
  if (ages === undefined) return []
  const oldest = ages.reduce((a, b) => Math.max(a, b), 0)
  return Array.from({ length: count }, (_, at) => horizonDays + at * stepDays)
    .filter((begun) => begun < oldest)
    .map((begun) => windowOf(interactions, ages, begun, begun - horizonDays))
}

/** The window that began `begun` days ago and ended `ended` days ago. */
function windowOf(interactions: Interactions, ages: Float32Array, begun: number, ended: number): Window {
  const { itemIds } = interactions
  const offsets = [0]
  const items: number[] = []
  const pastAges: number[] = []
  const bought: number[][] = []
  for (let user = 0; user < userCount(interactions); user++) {
    const start = interactions.offsets[user] ?? 0
    const later: number[] = []
    itemsOf(interactions, user).forEach((item, at) => {
      const age = ages[start + at] ?? Number.NaN
      if (age > begun) {
        items.push(item)
        pastAges.push(age - begun)
      } else if (age > ended) later.push(item)
    })
    bought.push(items.length > (offsets[user] ?? 0) ? later : [])
    offsets.push(items.length)
  }
  const past = {
    itemIds,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
    weights: null,
    ages: Float32Array.from(pastAges),
    ...(interactions.purchases === undefined ? {} : { purchases: olderThan(interactions.purchases, begun) }),
  }
  return { past, bought }
}

/** The purchases that were made by then, with their ages of then. */
function olderThan({ offsets, ages }: NonNullable<Interactions['purchases']>, begun: number) {
  const kept: number[] = []
  const starts = Int32Array.from(offsets)
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (const age of ages.subarray(offsets[user], offsets[user + 1])) if (age > begun) kept.push(age - begun)
    starts[user + 1] = kept.length
  }
  return { offsets: starts, ages: Float32Array.from(kept) }
}
