import { type Interactions } from '../training/interactions.js'
import { randomFor } from '../training/random.js'

export type PairsSize = { readonly users: number; readonly items: number; readonly pairs: number }

const groups = 20

/**
 * Pairs with something to learn: users of about pairs / users items, half or double of it, four fifths of them out of
 * the user's group, items of a group by a power law (exponent 0.8). The same seed gives the same bytes. `pairs` is met to
 * about a hundredth, for repeats count once.
 */
export function powerLawPairs({ users, items, pairs }: PairsSize, seed: number): Interactions {
  const { uniform } = randomFor(seed, 'power-law-pairs')
  const inGroup = Math.floor(items / groups)
  const offsets = new Int32Array(users + 1)
  const taken = new Int32Array(Math.ceil(pairs * 1.3) + users)
  let at = 0
  for (let user = 0; user < users; user++) {
    const group = Math.floor(uniform() * groups)
    const wanted = Math.min(items >> 2, Math.max(2, Math.round((pairs / users) * (0.5 + uniform()))))
    const row = new Set<number>()
    for (let draw = 0; row.size < wanted && draw < 20 * wanted; draw++) {
      const of = uniform() < 0.8 ? group : Math.floor(uniform() * groups)
      // uniform^(1 / (1 − 0.8)) is a rank by that law.
      row.add(of + groups * Math.floor(inGroup * uniform() ** 5))
    }
    for (const item of [...row].sort((a, b) => a - b)) taken[at++] = item
    offsets[user + 1] = at
  }
  const itemIds = Array.from({ length: items }, (_, item) => `p${item}`)
  return { itemIds, offsets, items: taken.slice(0, at), weights: null }
}
