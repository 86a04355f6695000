import { dot } from './dot.js'

/** Columns that are eliminated together: a panel of so many numbers a row stays in the first-level cache. */
const block = 64
/** Rows that share each load of another row. */
const together = 4
/** Numbers of each of those rows that are summed in one go: `together` such pieces fit the first-level cache. */
const piece = 1024

/**
 * Inverts a symmetric positive definite matrix in place by its Cholesky factor: A = L Lᵀ, A⁻¹ = L⁻ᵀ L⁻¹ (Golub and Van
 * Loan, "Matrix Computations", §4.2). `a`: [n, n] row by row, of which the lower triangle is read; the whole inverse is
 * left in it. No second matrix is needed, so that EASE's 10,000 products take 800 MB. Throws a RangeError where A is not
 * positive definite.
 */
export function invertInPlace(a: Float64Array, n: number): void {
  factorise(a, n)
  invertFactor(a, n)
  multiplyByTransposed(a, n)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++) a[column * n + row] = a[row * n + column]!
}

/** A → L in the lower triangle: a panel of columns at a time, then what it takes from all that lies right of it. */
function factorise(a: Float64Array, n: number): void {
  for (let from = 0; from < n; from += block) {
    const to = Math.min(n, from + block)
    for (let row = from; row < n; row++) solveRow(a, n, row, from, Math.min(row + 1, to))
    for (let rows = to; rows < n; rows += block)
      for (let columns = to; columns <= rows; columns += block) subtractPanel(a, n, rows, columns, from, to)
  }
}

/** Row `row` of L within the panel from `from`; the diagonal last, where it lies there. */
function solveRow(a: Float64Array, n: number, row: number, from: number, to: number): void {
  const at = row * n
  for (let column = from; column < to; column++) {
    const other = column * n
    const left = a[at + column]! - dot(a, at + from, a, other + from, column - from)
    if (column < row) a[at + column] = left / a[other + column]!
    else if (left > 0) a[at + column] = Math.sqrt(left)
    else throw new RangeError(`matrix of size ${n} is not positive definite at row ${row}`)
  }
}

/** A −= L Lᵀ over one square of rows and columns, L's columns being those of the panel. */
function subtractPanel(a: Float64Array, n: number, rows: number, columns: number, from: number, to: number): void {
  const lastRow = Math.min(n, rows + block)
  for (let row = rows; row < lastRow; row++) {
    const lastColumn = Math.min(row + 1, columns + block)
    for (let column = columns; column < lastColumn; column++)
      a[row * n + column]! -= dot(a, row * n + from, a, column * n + from, to - from)
  }
}

/** L → M = L⁻¹: M_i = −(Σ_{k<i} L_ik M_k) / L_ii, M_ii = 1 / L_ii, rows ascending. */
function invertFactor(a: Float64Array, n: number): void {
  const sums = new Float64Array(together * n)
  for (let from = 0; from < n; from += together) {
    const rows = Math.min(together, n - from)
    sums.fill(0)
    sumOfRows(a, n, sums, rows, from, 0, from, (r, k) => (from + r) * n + k)
    for (let r = 0; r < rows; r++) {
      const at = (from + r) * n
      for (let k = from; k < from + r; k++)
        for (let column = 0; column <= k; column++) sums[r * n + column]! += a[at + k]! * a[k * n + column]!
      const inverse = 1 / a[at + from + r]!
      for (let column = 0; column < from + r; column++) a[at + column] = -sums[r * n + column]! * inverse
      a[at + from + r] = inverse
    }
  }
}

/** M → MᵀM in the lower triangle: row i is Σ_{k≥i} M_ki M_k, and no row above i is read again. */
function multiplyByTransposed(a: Float64Array, n: number): void {
  const sums = new Float64Array(together * n)
  for (let from = 0; from < n; from += together) {
    const rows = Math.min(together, n - from)
    sums.fill(0)
    for (let k = from; k < from + rows; k++)
      for (let r = 0; r <= k - from; r++)
        for (let column = 0; column <= from + r; column++)
          sums[r * n + column]! += a[k * n + from + r]! * a[k * n + column]!
    sumOfRows(a, n, sums, rows, from + rows, from + rows, n, (r, k) => k * n + from + r)
    for (let r = 0; r < rows; r++) a.set(sums.subarray(r * n, r * n + from + r + 1), (from + r) * n)
  }
}

/**
 * sums_r[column] += a[place(r, k)] · a_k[column] for first ≤ k < last, column < min(width, k + 1) and r < rows.
 * The rows share each load of a_k; `piece` columns at a time stay in the cache.
 */
function sumOfRows(
  a: Float64Array,
  n: number,
  sums: Float64Array,
  rows: number,
  width: number,
  first: number,
  last: number,
  place: (r: number, k: number) => number,
): void {
  for (let from = 0; from < width; from += piece)
    for (let k = Math.max(first, from); k < last; k++) {
      const to = Math.min(width, from + piece, k + 1)
      const c0 = a[place(0, k)]!
      const c1 = rows > 1 ? a[place(1, k)]! : 0
      const c2 = rows > 2 ? a[place(2, k)]! : 0
      const c3 = rows > 3 ? a[place(3, k)]! : 0
      for (let column = from, at = k * n + from; column < to; column++, at++) {
        const value = a[at]!
        sums[column]! += c0 * value
        sums[n + column]! += c1 * value
        sums[2 * n + column]! += c2 * value
        sums[3 * n + column]! += c3 * value
      }
    }
}
