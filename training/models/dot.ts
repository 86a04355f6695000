/**
 * Σ a[aAt + k] · b[bAt + k] over k < length, in four running sums: a single one would wait for each addition (Gowalla's
 * iterations took twice as long). The order of summation is fixed, so that the same inputs give the same bits.
 */
export function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  const whole = length - (length % 4)
  let k = 0
  for (; k < whole; k += 4) {
    s0 += a[aAt + k]! * b[bAt + k]!
    s1 += a[aAt + k + 1]! * b[bAt + k + 1]!
    s2 += a[aAt + k + 2]! * b[bAt + k + 2]!
    s3 += a[aAt + k + 3]! * b[bAt + k + 3]!
  }
  for (; k < length; k++) s0 += a[aAt + k]! * b[bAt + k]!
  return s0 + s1 + (s2 + s3)
}
