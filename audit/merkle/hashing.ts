import { createHash, hash } from 'node:crypto'

/** A SHA-256 value, 32 bytes. Leaves are hashed where the entries are written: storage/segmentFormat.ts, leafHash. */
export type Hash = Buffer

export const hashLength = 32

/** The root of the tree without leaves: SHA-256 of nothing. RFC 9162 §2.1.1. */
export const emptyRoot: Hash = createHash('sha256').digest()

/** SHA-256(0x01 ‖ left ‖ right): RFC 9162 §2.1.1. */
export const nodeHash = (left: Hash, right: Hash): Hash => {
  const bytes = Buffer.allocUnsafe(1 + 2 * hashLength)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + hashLength)
  return hash('sha256', bytes, 'buffer')
}

/** The largest power of two smaller than `n`, which is 2 at least: where RFC 9162 §2.1.1 splits n leaves. */
export const splitOf = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
