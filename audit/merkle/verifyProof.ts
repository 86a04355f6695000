import { emptyRoot, type Hash, nodeHash } from './hashing.js'

const half = (n: number): number => Math.floor(n / 2)
const isOdd = (n: number): boolean => n % 2 === 1
const isWhole = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

/** The root that an inclusion path leads to, or null where it is no path of that index and size. RFC 9162 §2.1.3.2. */
export const rootOfInclusion = (leaf: Hash, index: number, size: number, path: readonly Hash[]): Hash | null => {
  if (!isWhole(index) || !isWhole(size) || index >= size) return null
  let [node, last, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return null
    if (isOdd(node) || node === last) {
      root = nodeHash(sibling, root)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else root = nodeHash(root, sibling)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 ? root : null
}

/** Whether the tree of `to` leaves begins with that of `from`. RFC 9162 §2.1.4.2; from 0 on, and to itself, no path. */
export const consistencyHolds = (
  from: { readonly size: number; readonly root: Hash },
  to: { readonly size: number; readonly root: Hash },
  path: readonly Hash[],
): boolean => {
  if (!isWhole(from.size) || !isWhole(to.size) || from.size > to.size) return false
  if (from.size === to.size) return path.length === 0 && from.root.equals(to.root)
  if (from.size === 0) return path.length === 0 && from.root.equals(emptyRoot)
  let [node, last] = [from.size - 1, to.size - 1]
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  const [first, ...rest] = node === 0 ? [from.root, ...path] : path
  if (first === undefined) return false
  let [old, root] = [first, first]
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      old = nodeHash(sibling, old)
      root = nodeHash(sibling, root)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else root = nodeHash(root, sibling)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && old.equals(from.root) && root.equals(to.root)
}
