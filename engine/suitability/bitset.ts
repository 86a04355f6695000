/**
 * Sets of ordinals as bits: bit i is ordinal i, least significant first (docs/contracts of the ledger). All sets of one
 * catalogue have the same number of words; bits past the catalogue's size are always 0.
 */
export type Bitset = Uint32Array

export const wordsFor = (size: number): number => (size + 31) >>> 5

export const emptyBits = (size: number): Bitset => new Uint32Array(wordsFor(size))

/** All ordinals below `size`. */
export function fullBits(size: number): Bitset {
  const bits = emptyBits(size).fill(0xffff_ffff)
  const used = size & 31
  if (used !== 0) bits[bits.length - 1] = 0xffff_ffff >>> (32 - used)
  return bits
}

export const hasBit = (bits: Bitset, ordinal: number): boolean =>
  (((bits[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1) === 1

export function setBit(bits: Bitset, ordinal: number): void {
  bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31))
}

/** The ordinals below `size` for which `holds`. */
export function bitsWhere(size: number, holds: (ordinal: number) => boolean): Bitset {
  const bits = emptyBits(size)
  for (let ordinal = 0; ordinal < size; ordinal++) if (holds(ordinal)) setBit(bits, ordinal)
  return bits
}

export const andBits = (a: Bitset, b: Bitset): Bitset => a.map((word, index) => word & (b[index] ?? 0))
export const orBits = (a: Bitset, b: Bitset): Bitset => a.map((word, index) => word | (b[index] ?? 0))
/** In a, not in b. */
export const withoutBits = (a: Bitset, b: Bitset): Bitset => a.map((word, index) => word & ~(b[index] ?? 0))

export function countBits(bits: Bitset): number {
  let count = 0
  for (const word of bits) {
    // Hacker's Delight, 5-1.
    let v = word - ((word >>> 1) & 0x5555_5555)
    v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333)
    count += Math.imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
  }
  return count
}

/** Bytes for hashing: little-endian words, so that byte i >> 3 holds bit i on every processor. */
export function bytesOfBits(bits: Bitset): Uint8Array {
  const bytes = new Uint8Array(bits.length * 4)
  const view = new DataView(bytes.buffer)
  bits.forEach((word, index) => view.setUint32(index * 4, word, true))
  return bytes
}
