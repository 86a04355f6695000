import { type Interactions } from '../interactions.js'

const log2 = Math.log(2)

/**
 * The same pairs, each weight halved by every `halfLifeDays` of its age at the time of the fit. Unchanged without a half-life. Throws
 * an Error where the pairs have no ages.
 */
export function decayed(interactions: Interactions, halfLifeDays: number | undefined): Interactions {
  if (halfLifeDays === undefined) return interactions
  const { ages, weights } = interactions
  if (ages === undefined)
    throw new Error('halfLifeDays: the interactions have no dates to decay by; give dated ones, or leave it out')
  // Never 0: a weight must be above it.
  const decay = (age: number): number => Math.max(1e-30, Math.exp((-log2 * age) / halfLifeDays))
  return { ...interactions, weights: ages.map((age, at) => decay(age) * (weights?.[at] ?? 1)) }
}

/** Only the pairs that are younger than `windowDays`. Throws an Error where the pairs have no ages. */
export function within(interactions: Interactions, windowDays: number): Interactions {
  const { ages, items, weights, offsets } = interactions
  if (ages === undefined)
    throw new Error('windowDays: the interactions have no dates to select by; give dated ones, or leave it out')
  const kept = [...items.keys()].filter((at) => ages[at]! < windowDays)
  const before = new Int32Array(items.length + 1)
  for (const at of kept) before[at + 1] = 1
  for (let at = 0; at < items.length; at++) before[at + 1]! += before[at]!
  return {
    ...interactions,
    offsets: offsets.map((offset) => before[offset]!),
    items: Int32Array.from(kept, (at) => items[at]!),
    weights: weights === null ? null : Float32Array.from(kept, (at) => weights[at]!),
    ages: Float32Array.from(kept, (at) => ages[at]!),
  }
}
