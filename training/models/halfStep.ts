import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { solveInPlace } from './cholesky.js'
import { dot } from './dot.js'

/** Vectors [count, d], row by row. */
export type Vectors = { readonly count: number; readonly dimension: number; readonly data: Float64Array }

/** Rows of ordinals into the fixed side: row r is items[offsets[r] .. offsets[r + 1]). */
export type Rows = {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly weights: Float32Array | null
}

/** VᵀV, [d, d]. */
export function gramOf({ count, dimension: d, data }: Vectors): Float64Array {
  const gram = new Float64Array(d * d)
  for (let row = 0; row < count; row++) {
    const at = row * d
    for (let i = 0; i < d; i++) {
      const value = data[at + i]!
      if (value === 0) continue
      for (let j = 0; j <= i; j++) gram[i * d + j]! += value * data[at + j]!
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) gram[j * d + i] = gram[i * d + j]!
  return gram
}

/**
 * Turns the vectors, in place, into the basis in which their Gram matrix is diagonal, and returns that diagonal [d].
 * A turn changes no dot product among them; in the new basis every system of the half-step is a diagonal plus as many
 * rank-one terms as the row has items.
 */
export function diagonalise(vectors: Vectors): Float64Array {
  const { count, dimension: d, data } = vectors
  const gram = Matrix.from1DArray(d, d, gramOf(vectors))
  const decomposition = new EigenvalueDecomposition(gram, { assumeSymmetric: true })
  const turn = Float64Array.from(decomposition.eigenvectorMatrix.to1DArray())
  const turned = new Float64Array(d)
  for (let row = 0; row < count; row++) {
    turned.fill(0)
    for (let i = 0; i < d; i++) {
      const value = data[row * d + i]!
      if (value === 0) continue
      for (let j = 0; j < d; j++) turned[j]! += value * turn[i * d + j]!
    }
    data.set(turned, row * d)
  }
  return Float64Array.from(decomposition.realEigenvalues, (value) => Math.max(0, value))
}

/**
 * One half-step of iALS: for each row r with items S and weights w, the minimiser
 *
 *   x_r = (α0 YᵀY + Σ_{i∈S} w_i y_i y_iᵀ + λ_r I)⁻¹ Σ_{i∈S} w_i y_i,   λ_r = lambdaOf(round(Σ_{i∈S} w_i)).
 *
 * `y` is turned (see `diagonalise`) and stays so; the result is in the same basis, [rows, d]. With fewer items than d
 * the system is solved in its |S| × |S| form (the push-through identity), else in its d × d form. The plain twin of
 * what `openAlternating` does by vectors and threads.
 */
export function halfStep(y: Vectors, rows: Rows, alpha0: number, lambdaOf: (size: number) => number): Vectors {
  const d = y.dimension
  const count = rows.offsets.length - 1
  const gramDiagonal = diagonalise(y).map((value) => value * alpha0)
  const result = new Float64Array(count * d)
  const room = makeRoom(d)
  for (let row = 0; row < count; row++) {
    const start = rows.offsets[row]!
    const size = rows.offsets[row + 1]! - start
    if (size === 0) continue
    const lambda = lambdaOf(sizeOf(rows, row))
    for (let j = 0; j < d; j++) room.diagonal[j] = gramDiagonal[j]! + lambda
    const solve = size < d ? solveByItems : solveByDimensions
    solve(y, rows, start, size, room, result.subarray(row * d, (row + 1) * d))
  }
  return { count, dimension: d, data: result }
}

/** round(Σ_{i∈S} w_i) */
export function sizeOf({ offsets, weights }: Rows, row: number): number {
  const [from, to] = [offsets[row]!, offsets[row + 1]!]
  if (weights === null) return to - from
  let total = 0
  for (let k = from; k < to; k++) total += weights[k]!
  return Math.round(total)
}

type Room = {
  readonly diagonal: Float64Array
  readonly matrix: Float64Array
  readonly right: Float64Array
  readonly scaled: Float64Array
  readonly four: Float64Array
}
const makeRoom = (d: number): Room => ({
  diagonal: new Float64Array(d),
  matrix: new Float64Array(d * d),
  right: new Float64Array(d),
  scaled: new Float64Array(d * d),
  four: new Float64Array(4 * d + 4),
})

/** x = D⁻¹ Y_Sᵀ (W⁻¹ + Y_S D⁻¹ Y_Sᵀ)⁻¹ 1: an |S| × |S| system, D being the diagonal. */
function solveByItems(y: Vectors, rows: Rows, start: number, size: number, room: Room, x: Float64Array): void {
  const d = y.dimension
  const { diagonal, matrix, right, scaled } = room
  for (let a = 0; a < size; a++) {
    const itemAt = rows.items[start + a]! * d
    for (let j = 0; j < d; j++) scaled[a * d + j] = y.data[itemAt + j]! / diagonal[j]!
    for (let b = 0; b <= a; b++) matrix[a * d + b] = dot(scaled, a * d, y.data, rows.items[start + b]! * d, d)
    matrix[a * d + a]! += rows.weights === null ? 1 : 1 / rows.weights[start + a]!
    right[a] = 1
  }
  solveInPlace(matrix, right, size, d)
  for (let a = 0; a < size; a++) for (let j = 0; j < d; j++) x[j]! += right[a]! * scaled[a * d + j]!
}

/** x = (D + Σ w y yᵀ)⁻¹ Σ w y: a d × d system. Four items at a time, so that the matrix is walked a quarter as often. */
function solveByDimensions(y: Vectors, rows: Rows, start: number, size: number, room: Room, x: Float64Array): void {
  const d = y.dimension
  const { diagonal, matrix, four } = room
  matrix.fill(0)
  for (let k = 0; k < size; k += 4) {
    gatherFour(y, rows, start + k, Math.min(4, size - k), four)
    for (let i = 0; i < d; i++) {
      const [w0, w1, w2, w3] = [four[i]!, four[d + i]!, four[2 * d + i]!, four[3 * d + i]!]
      const [r0, r1, r2, r3] = [four[4 * d]!, four[4 * d + 1]!, four[4 * d + 2]!, four[4 * d + 3]!]
      x[i]! += r0 * w0 + r1 * w1 + (r2 * w2 + r3 * w3)
      for (let j = 0; j <= i; j++)
        matrix[i * d + j]! += w0 * four[j]! + w1 * four[d + j]! + (w2 * four[2 * d + j]! + w3 * four[3 * d + j]!)
    }
  }
  for (let j = 0; j < d; j++) matrix[j * d + j]! += diagonal[j]!
  solveInPlace(matrix, x, d, d)
}

/** √w y of up to four items into `four` [4, d], the rest 0; behind them the four √w. */
function gatherFour(y: Vectors, rows: Rows, start: number, size: number, four: Float64Array): void {
  const d = y.dimension
  four.fill(0)
  for (let k = 0; k < size; k++) {
    const root = rows.weights === null ? 1 : Math.sqrt(rows.weights[start + k]!)
    const itemAt = rows.items[start + k]! * d
    for (let j = 0; j < d; j++) four[k * d + j] = root * y.data[itemAt + j]!
    four[4 * d + k] = root
  }
}
