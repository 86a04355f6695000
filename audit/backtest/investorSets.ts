import { type Bitset, orInto } from '../../engine/suitability/bitset.js'

/** Which products each investor lost (or gained) in any of his decisions; most investors share one set. */
export class InvestorSets {
  readonly #sets = new Map<number, Bitset>()

  add(investor: number, products: Bitset): void {
    const known = this.#sets.get(investor)
    const union = known === undefined ? products : unionOf(known, products)
    if (union !== known) this.#sets.set(investor, union)
  }

  /** By ordinal, how many investors. */
  counts(size: number): Uint32Array {
    const alike = new Map<Bitset, number>()
    for (const set of this.#sets.values()) alike.set(set, (alike.get(set) ?? 0) + 1)
    const counts = new Uint32Array(size)
    for (const [set, investors] of alike)
      eachOf(set, (ordinal) => (counts[ordinal] = (counts[ordinal] ?? 0) + investors))
    return counts
  }
}

/** One of the two where it holds the other, for sets are shared; catalogues only grow. */
function unionOf(some: Bitset, others: Bitset): Bitset {
  if (some === others || holds(some, others)) return some
  if (holds(others, some)) return others
  const [longer, shorter] = some.length >= others.length ? [some, others] : [others, some]
  const union = longer.slice()
  orInto(union.subarray(0, shorter.length), shorter)
  return union
}

const holds = (set: Bitset, subset: Bitset): boolean => subset.every((word, place) => (word & ~(set[place] ?? 0)) === 0)

/** Calls `use` with each ordinal of a set, ascending. */
export function eachOf(set: Bitset, use: (ordinal: number) => void): void {
  for (let place = 0; place < set.length; place++)
    for (let word = set[place] ?? 0; word !== 0; word &= word - 1) use((place << 5) + 31 - Math.clz32(word & -word))
}
