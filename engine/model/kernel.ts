/**
 * The one kernel that scores. Its name stands in every release: another order of summation is another kernel.
 * `f64x4-v1`: four running sums over i mod 4 in double precision (a product of two singles is exact there), joined as
 * (s0 + s1) + (s2 + s3). IEEE 754 fixes every step, so all processors and Node versions give the same bits.
 */
export const kernelId = 'f64x4-v1'

/** Inner product of a[aFrom … aFrom+d) and b[bFrom … bFrom+d). */
export function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, d: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  const whole = d & ~3
  let i = 0
  for (; i < whole; i += 4) {
    s0 += a[aFrom + i]! * b[bFrom + i]!
    s1 += a[aFrom + i + 1]! * b[bFrom + i + 1]!
    s2 += a[aFrom + i + 2]! * b[bFrom + i + 2]!
    s3 += a[aFrom + i + 3]! * b[bFrom + i + 3]!
  }
  if (i < d) s0 += a[aFrom + i]! * b[bFrom + i]!
  if (i + 1 < d) s1 += a[aFrom + i + 1]! * b[bFrom + i + 1]!
  if (i + 2 < d) s2 += a[aFrom + i + 2]! * b[bFrom + i + 2]!
  return s0 + s1 + (s2 + s3)
}

/** Scores are stored as whole multiples of 2^−20. */
export const scoreScale = 1_048_576

/** A score as it is stored and compared: round(score × 2^20), saturated. Throws on a score that is not finite. */
export function integerScore(score: number): number {
  if (!Number.isFinite(score)) throw new Error(`score ${score} is not finite: the model or an input is broken`)
  const scaled = Math.round(score * scoreScale)
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, scaled)) + 0
}
