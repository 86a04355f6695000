import { createHash } from 'node:crypto'

/** A stream of pseudo-random numbers: the same seed and label give the same numbers on every machine. */
export type Random = {
  /** Uniform over [0, 1), 53 bits. */
  readonly uniform: () => number
  /** Mean 0, variance 1: the sum of twelve uniforms less six, since Math.log differs between machines in its last bit. */
  readonly normal: () => number
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/**
 * xoshiro128** (Blackman and Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c), its state the first 16 bytes
 * of SHA-256 over `seed:label`, so that streams of different labels are unrelated.
 */
export function randomFor(seed: number, label: string): Random {
  const digest = createHash('sha256').update(`${seed}:${label}`).digest()
  let a = digest.readInt32LE(0)
  let b = digest.readInt32LE(4)
  let c = digest.readInt32LE(8)
  let d = digest.readInt32LE(12)
  const next = (): number => {
    const word = Math.imul(rotated(Math.imul(b, 5), 7), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return word
  }
  const uniform = (): number => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
  const normal = (): number => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += uniform()
    return sum
  }
  return { uniform, normal }
}
