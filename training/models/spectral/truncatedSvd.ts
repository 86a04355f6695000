import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { randomFor } from '../../random.js'
import { dot } from '../dot.js'
import { gramOf } from '../halfStep.js'
import { type BothWays, timesDense } from './sparse.js'

/** The greatest singular values, falling [k], and their right vectors, a column each [n, k] row by row. */
export type RightVectors = { readonly rank: number; readonly values: Float64Array; readonly vectors: Float64Array }

/** Columns beyond k that are carried along: the last of the k converge by the gap to these. */
const spare = 32

/**
 * Randomised subspace iteration (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1, on MᵀM): a random block [n, k
 * + 32] is multiplied by MᵀM `iterations` times, orthonormalised after each, and the small problem on its span is
 * solved exactly. Values that stand clear of the (k + 32)nd are exact to rounding, those near it are approximate.
 * Where M has less than k of them the rest are 0, with vectors of 0.
 */
export function truncatedSvd({ byUser, byItem }: BothWays, k: number, iterations: number, seed: number): RightVectors {
  const n = byUser.columns
  const d = Math.min(k + spare, n, byItem.columns)
  if (d === 0) return { rank: k, values: new Float64Array(k), vectors: new Float64Array(n * k) }
  const { normal } = randomFor(seed, 'spectral/start')
  let block: Float64Array = Float64Array.from({ length: n * d }, normal)
  for (let iteration = 0; iteration < iterations; iteration++) {
    block = timesDense(byItem, timesDense(byUser, block, d), d)
    orthonormalise(block, n, d)
  }
  // Once more, for the first time leaves columns as far from orthogonal as they were dependent.
  orthonormalise(block, n, d)
  const seen = timesDense(byUser, block, d)
  return ritz(block, n, d, gramOf({ count: byItem.columns, dimension: d, data: seen }), k)
}

/** The eigenvectors of the small problem, as columns of the block. Signs: the greatest component is positive. */
function ritz(block: Float64Array, n: number, d: number, gram: Float64Array, k: number): RightVectors {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(d, d, gram), {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, axis) => axis).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
  const values = new Float64Array(k)
  const turn = new Float64Array(k * d)
  const noise = 1e-12 * Math.max(0, realEigenvalues[order[0]!] ?? 0)
  order.slice(0, k).forEach((axis, column) => {
    if (!(realEigenvalues[axis]! > noise)) return
    values[column] = Math.sqrt(realEigenvalues[axis]!)
    turn.set(eigenvectorMatrix.getColumn(axis), column * d)
  })
  const vectors = new Float64Array(n * k)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < k; column++) vectors[row * k + column] = dot(block, row * d, turn, column * d, d)
  orient(vectors, n, k)
  return { rank: k, values, vectors }
}

function orient(vectors: Float64Array, n: number, k: number): void {
  for (let column = 0; column < k; column++) {
    let greatest = 0
    for (let row = 0; row < n; row++) {
      const value = vectors[row * k + column]!
      if (Math.abs(value) > Math.abs(greatest) + 1e-9) greatest = value
    }
    if (greatest < 0) for (let row = 0; row < n; row++) vectors[row * k + column]! *= -1
  }
}

/**
 * Turns the d columns of [n, d] into orthonormal ones of the same span, in place, by the Cholesky factor L of their Gram
 * matrix: each row becomes its solution z of L z = row. A column that depends on those before it becomes 0.
 */
export function orthonormalise(block: Float64Array, n: number, d: number): void {
  const factor = gramOf({ count: n, dimension: d, data: block })
  for (let row = 0; row < d; row++) {
    const rowAt = row * d
    const length = factor[rowAt + row]!
    for (let column = 0; column < row; column++)
      factor[rowAt + column] =
        (factor[rowAt + column]! - dot(factor, rowAt, factor, column * d, column)) * factor[column * d + column]!
    const left = length - dot(factor, rowAt, factor, rowAt, row)
    // The diagonal keeps the inverse.
    factor[rowAt + row] = left > 1e-13 * length ? 1 / Math.sqrt(left) : 0
  }
  for (let row = 0; row < n; row++)
    for (let column = 0, at = row * d; column < d; column++)
      block[at + column] =
        (block[at + column]! - dot(block, at, factor, column * d, column)) * factor[column * d + column]!
}
