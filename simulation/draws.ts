import { exp, log, normalQuantile } from '../features/definitions/math.js'
import { type Random } from '../features/definitions/random.js'
import { at, vector } from './at.js'

/** Mean 0, variance 1, by inversion: one uniform a number. */
export const normal = (random: Random): number => normalQuantile(Math.max(random.uniform(), 1e-15))

/** Whole number, `low` to `high`, both included. */
export const whole = (random: Random, low: number, high: number): number =>
  low + Math.floor(random.uniform() * (high - low + 1))

export const chance = (random: Random, probability: number): boolean => random.uniform() < probability

export const pick = <T>(random: Random, list: readonly T[]): T => at(list, Math.floor(random.uniform() * list.length))

/** Lognormal with the median √(low · high); nine of ten lie between the two. */
export const between = (random: Random, [low, high]: readonly [number, number]): number =>
  Math.sqrt(low * high) * exp((normal(random) * log(high / low)) / 3.29)

/** Poisson by Knuth's product of uniforms: for means of a few. */
export function poisson(random: Random, mean: number): number {
  const least = exp(-mean)
  let count = 0
  for (let product = random.uniform(); product > least; product *= random.uniform()) count += 1
  return count
}

/** Index drawn in proportion to the weights, which are ≥ 0 and not all 0. */
export function weighted(random: Random, weights: Float64Array | readonly number[]): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i] ?? 0
  let left = random.uniform() * total
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] ?? 0
    if (left < 0) return i
  }
  return weights.length - 1
}

/** [length] independent normals times `scale`. */
export const normals = (random: Random, length: number, scale = 1): Float64Array =>
  vector(length, () => normal(random) * scale)

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
