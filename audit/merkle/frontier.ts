import { emptyRoot, type Hash, nodeHash } from './hashing.js'

/**
 * The full subtrees that a tree consists of, one for each bit of its size: by level, null where the bit is 0. All that a
 * tree must keep to take further leaves and to know its root.
 */
export type Frontier = {
  readonly size: () => number
  /** Takes the next leaf in; `told` is given each subtree that it completes, the leaf first. */
  readonly add: (leaf: Hash, told?: (subtree: Hash) => void) => void
  readonly root: () => Hash
}

/** Goes on from the subtrees of a tree of `size` leaves. */
export const frontierFrom = (size: number, subtrees: readonly (Hash | null)[]): Frontier => {
  const levels = [...subtrees]
  let count = size
  return {
    size: () => count,
    add: (leaf, told) => {
      let node = leaf
      let level = 0
      told?.(node)
      for (let left = levels[0]; left; left = levels[level]) {
        node = nodeHash(left, node)
        told?.(node)
        levels[level++] = null
      }
      levels[level] = node
      count += 1
    },
    root: () =>
      levels.reduce<Hash | null>((right, left) => (left && right ? nodeHash(left, right) : (left ?? right)), null) ??
      emptyRoot,
  }
}

/** The levels of a tree's full subtrees, with each one's index among those of its level. */
export const subtreesOf = (size: number): { readonly level: number; readonly index: number }[] => {
  const found: { level: number; index: number }[] = []
  for (let [level, rest] = [0, size]; rest > 0; level++, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) found.push({ level, index: rest - 1 })
  return found
}
