import { side, type Strips } from './strip.js'

/**
 * A symmetric positive definite system of `size` rows, whole tiles of them, at `at` of the memory's doubles: columns in
 * tiles, [size / 4 + 1, size, 4], of which the upper triangle is read; the last tile's first column is the right side.
 * `cellOf(size, i, j)` is the place of row i, column j behind `at`.
 */
export const cellOf = (size: number, i: number, j: number): number => (j - (j % side)) * size + i * side + (j % side)

/** Doubles that a system takes. */
export const systemSize = (size: number): number => size * (size + side)

/** All 0, with the right side. */
export const clear = (a: Float64Array, at: number, size: number): Float64Array => a.fill(0, at, at + systemSize(size))

/** A += VᵀV for V [depth, size] in tiles of columns, as many as A's with the right side's, `step` doubles apart at `v`. */
export function addOuter(strips: Strips, at: number, size: number, v: number, step: number, depth: number): void {
  for (let i = 0; i < size; i += side) {
    const own = v + (i / side) * step
    strips.add(
      8 * (at + cellOf(size, i, i)),
      8 * side,
      8 * size * side,
      8 * own,
      8 * own,
      8 * step,
      depth,
      (size - i) / side + 1,
    )
  }
}

/**
 * Solves by the Cholesky factor A = UᵀU, four rows at a time; the solution is left in x [size]. `solveInPlace` of
 * models/cholesky.ts is the plain twin. Throws a RangeError where A is not positive definite.
 */
export function solve(a: Float64Array, strips: Strips, at: number, size: number, x: Float64Array): void {
  const step = 8 * size * side
  for (let i = 0; i < size; i += side) {
    const corner = 8 * (at + cellOf(size, i, i))
    const column = 8 * (at + cellOf(size, 0, i))
    if (i > 0) strips.subtract(corner, 8 * side, step, column, column, step, i, (size - i) / side + 1)
    solveRows(a, at, size, i)
  }
  for (let i = size - side; i >= 0; i -= side) substitute(a, at, size, i, x)
}

/** Rows i to i + 3 of x, those behind being known. */
function substitute(a: Float64Array, at: number, size: number, i: number, x: Float64Array): void {
  const right = at + cellOf(size, i, size)
  let [s0, s1, s2, s3] = [a[right]!, a[right + 4]!, a[right + 8]!, a[right + 12]!]
  const c = at + cellOf(size, i, i)
  for (let j = i + side, t = c + size * side; j < size; j += side, t += size * side) {
    const [x0, x1, x2, x3] = [x[j]!, x[j + 1]!, x[j + 2]!, x[j + 3]!]
    s0 -= a[t]! * x0 + a[t + 1]! * x1 + (a[t + 2]! * x2 + a[t + 3]! * x3)
    s1 -= a[t + 4]! * x0 + a[t + 5]! * x1 + (a[t + 6]! * x2 + a[t + 7]! * x3)
    s2 -= a[t + 8]! * x0 + a[t + 9]! * x1 + (a[t + 10]! * x2 + a[t + 11]! * x3)
    s3 -= a[t + 12]! * x0 + a[t + 13]! * x1 + (a[t + 14]! * x2 + a[t + 15]! * x3)
  }
  const x3 = s3 * a[c + 15]!
  const x2 = (s2 - a[c + 11]! * x3) * a[c + 10]!
  const x1 = (s1 - a[c + 6]! * x2 - a[c + 7]! * x3) * a[c + 5]!
  x[i] = (s0 - a[c + 1]! * x1 - a[c + 2]! * x2 - a[c + 3]! * x3) * a[c]!
  x[i + 1] = x1
  x[i + 2] = x2
  x[i + 3] = x3
}

/** Rows i to i + 3 of U, of which the diagonal keeps its inverse. */
function solveRows(a: Float64Array, at: number, size: number, i: number): void {
  const c = at + cellOf(size, i, i)
  const d0 = inverseRoot(a[c]!, i)
  const [u01, u02, u03] = [a[c + 1]! * d0, a[c + 2]! * d0, a[c + 3]! * d0]
  const d1 = inverseRoot(a[c + 5]! - u01 * u01, i + 1)
  const [u12, u13] = [(a[c + 6]! - u01 * u02) * d1, (a[c + 7]! - u01 * u03) * d1]
  const d2 = inverseRoot(a[c + 10]! - u02 * u02 - u12 * u12, i + 2)
  const u23 = (a[c + 11]! - u02 * u03 - u12 * u13) * d2
  const d3 = inverseRoot(a[c + 15]! - u03 * u03 - u13 * u13 - u23 * u23, i + 3)
  for (let tile = c + size * side; tile < at + systemSize(size); tile += size * side)
    for (let j = tile; j < tile + side; j++) {
      const x0 = a[j]! * d0
      const x1 = (a[j + 4]! - u01 * x0) * d1
      const x2 = (a[j + 8]! - u02 * x0 - u12 * x1) * d2
      a[j] = x0
      a[j + 4] = x1
      a[j + 8] = x2
      a[j + 12] = (a[j + 12]! - u03 * x0 - u13 * x1 - u23 * x2) * d3
    }
  a.set([d0, u01, u02, u03], c)
  a.set([d1, u12, u13], c + 5)
  a.set([d2, u23], c + 10)
  a[c + 15] = d3
}

function inverseRoot(value: number, row: number): number {
  if (!(value > 0)) throw new RangeError(`the system is not positive definite at row ${row}`)
  return 1 / Math.sqrt(value)
}
