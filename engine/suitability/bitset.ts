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

export function clearBit(bits: Bitset, ordinal: number): void {
  bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) & ~(1 << (ordinal & 31))
}

/** The ordinals below `size` for which `holds`. */
export function bitsWhere(size: number, holds: (ordinal: number) => boolean): Bitset {
  const bits = emptyBits(size)
  for (let ordinal = 0; ordinal < size; ordinal++) if (holds(ordinal)) setBit(bits, ordinal)
  return bits
}

/** A copy with room for `size` ordinals, no fewer than before. */
export function grownBits(bits: Bitset, size: number): Bitset {
  const grown = emptyBits(size)
  grown.set(bits)
  return grown
}

// In place, over sets of one length: plain loops, several times faster than `map`.

/** `into` becomes those in both. */
export function andInto(into: Bitset, other: Bitset): void {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) & (other[word] ?? 0)
}

/** `into` becomes those in either. */
export function orInto(into: Bitset, other: Bitset): void {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) | (other[word] ?? 0)
}

/** `into` loses those in the other. */
export function withoutInto(into: Bitset, other: Bitset): void {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) & ~(other[word] ?? 0)
}

/** `into` becomes those of `all` that were not in it. */
export function flipInto(into: Bitset, all: Bitset): void {
  for (let word = 0; word < into.length; word++) into[word] = ~(into[word] ?? 0) & (all[word] ?? 0)
}

export function countBits(bits: Bitset): number {
  let count = 0
  for (let word = 0; word < bits.length; word++) {
    // Hacker's Delight, 5-1.
    let v = bits[word] ?? 0
    v = v - ((v >>> 1) & 0x5555_5555)
    v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333)
    count += Math.imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
  }
  return count
}

/** Little-endian words, so that byte i >> 3 holds bit i on every processor. */
export function writeBits(bits: Bitset, view: DataView, offset: number): void {
  for (let word = 0; word < bits.length; word++) view.setUint32(offset + word * 4, bits[word] ?? 0, true)
}
