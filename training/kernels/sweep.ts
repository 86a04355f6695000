/**
 * Inverts a symmetric positive definite matrix in place by sweeping its pivots (Goodnight 1979, "A tutorial on the SWEEP
 * operator", The American Statistician 33): with row r = a_k, d = a_kk
 *
 *   a_ij −= r_i r_j / d,   a_kj = r_j / d,   a_kk = −1 / d    for i, j ≠ k,
 *
 * and after all pivots a = −A⁻¹. `a`: [n, n] row by row, of which the upper triangle is read; the whole inverse is left
 * in it. The plain twin of `invertShared`, and its step within a block. Throws a RangeError where A is not positive
 * definite; `firstRow` is that of a[0] in what the message tells of.
 */
export function invertInPlace(a: Float64Array, n: number, firstRow = 0): void {
  for (let k = 0; k < n; k++) sweepPivot(a, n, k, firstRow)
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const value = -a[i * n + j]!
      a[i * n + j] = value
      a[j * n + i] = value
    }
}

function sweepPivot(a: Float64Array, n: number, k: number, firstRow: number): void {
  const at = (i: number): number => (i < k ? i * n + k : k * n + i)
  const row = Float64Array.from({ length: n }, (_, i) => a[at(i)]!)
  const d = row[k]!
  if (!(d > 0)) throw new RangeError(`the matrix is not positive definite at row ${firstRow + k}`)
  row[k] = 0
  for (let i = 0; i < n; i++) {
    const share = row[i]! / d
    for (let j = i; j < n; j++) a[i * n + j]! -= share * row[j]!
    a[at(i)] = share
  }
  a[at(k)] = -1 / d
}
