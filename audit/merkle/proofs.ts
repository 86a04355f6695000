import { emptyRoot, type Hash, nodeHash, splitOf } from './hashing.js'

/** The root over the 2^level leaves from index × 2^level on: a node of every tree that has all of them. */
export type Subtree = (level: number, index: number) => Promise<Hash>

/** MTH(D[from:to]) of RFC 9162 §2.1.1, from the roots of full subtrees. `from` is a multiple of the split above it. */
const rangeRoot = async (from: number, to: number, subtree: Subtree): Promise<Hash> => {
  const size = to - from
  if (size === 1) return subtree(0, from)
  const k = splitOf(size)
  if (k * 2 === size) return subtree(Math.log2(size), from / size)
  const [left, right] = await Promise.all([rangeRoot(from, from + k, subtree), rangeRoot(from + k, to, subtree)])
  return nodeHash(left, right)
}

/** The root of the tree over the first `size` leaves. */
export const rootAt = (size: number, subtree: Subtree): Promise<Hash> =>
  size === 0 ? Promise.resolve(emptyRoot) : rangeRoot(0, size, subtree)

/** PATH(index, D[0:size]) of RFC 9162 §2.1.3.1: the siblings from the leaf up. 0 <= index < size. */
export const inclusionPath = (index: number, size: number, subtree: Subtree): Promise<Hash[]> => {
  const siblings: Promise<Hash>[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      siblings.push(rangeRoot(middle, to, subtree))
      to = middle
    } else {
      siblings.push(rangeRoot(from, middle, subtree))
      from = middle
    }
  }
  return Promise.all(siblings.reverse())
}

/** PROOF(from, D[0:to]) of RFC 9162 §2.1.4.1, 0 <= from <= to; empty from 0 on and from `to` to itself. */
export const consistencyPath = (from: number, to: number, subtree: Subtree): Promise<Hash[]> => {
  if (from === 0 || from === to) return Promise.resolve([])
  const nodes: Promise<Hash>[] = []
  let [start, end] = [0, to]
  while (from !== end) {
    const middle = start + splitOf(end - start)
    if (from <= middle) {
      nodes.push(rangeRoot(middle, end, subtree))
      end = middle
    } else {
      nodes.push(rangeRoot(start, middle, subtree))
      start = middle
    }
  }
  // A subtree that begins at 0 is the old tree itself, whose root the verifier has.
  if (start > 0) nodes.push(rangeRoot(start, end, subtree))
  return Promise.all(nodes.reverse())
}
