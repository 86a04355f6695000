import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type Rows, type Vectors } from './halfStep.js'
import { cellOf, systemSize } from '../kernels/smallSystem.js'
import { type HalfStepWork, phases, roomSize, rowsOfTask, type SideWork } from '../kernels/halfStepTasks.js'
import { side } from '../kernels/strip.js'
import { openThreads } from '../kernels/threads.js'

/** The pairs seen from the users and from the products, and λ of each row of that side. */
export type Side = { readonly rows: Rows; readonly lambdas: Float64Array }

export type Alternating = {
  /** Users given products, then products given users: `halfStep` twice. */
  readonly iterate: () => void
  readonly users: () => Vectors
  readonly products: () => Vectors
  /** Σ_{all u,i} (x_u·y_i)² after an iteration, without the users' Gram matrix: it is diagonal then. */
  readonly squaresEverywhere: () => number
  readonly close: () => void
}

/**
 * The iterations of iALS from the given products, over memory that threads share: its vectors, both sides of the pairs
 * and little else. `halfStep` is the plain twin; the bytes do not depend on the number of threads.
 */
export function openAlternating(
  products: Vectors,
  [users, items]: readonly [Side, Side],
  alpha0: number,
  threads: number,
): Alternating {
  const { dimension } = products
  const work = layOut(dimension, [users, items], alpha0, threads)
  const [, ofProducts] = work.sides
  const a = new Float64Array(work.memory.buffer)
  for (let row = 0; row < products.count; row++)
    a.set(products.data.subarray(row * dimension, (row + 1) * dimension), ofProducts.vectors + row * work.d)
  const pool = openThreads(work, threads)
  const step = (from: number, to: number): void => {
    pool.phase(phases.gram, from, tasksOfSide(work.sides[from]!))
    diagonalise(a, work, dimension, work.sides[from]!)
    pool.phase(phases.turn, from, tasksOfSide(work.sides[from]!))
    pool.phase(phases.solve, to, tasksOfSide(work.sides[to]!))
  }
  const vectors = (which: 0 | 1): Vectors => vectorsOf(a, work, dimension, work.sides[which])
  return {
    iterate: () => {
      step(1, 0)
      step(0, 1)
    },
    squaresEverywhere: () => squaresEverywhere(a, work),
    ...{ users: () => vectors(0), products: () => vectors(1), close: pool.close },
  }
}

function squaresEverywhere(a: Float64Array, { d, sides, diagonal }: HalfStepWork): number {
  const { vectors, count } = sides[1]
  let sum = 0
  for (let at = vectors; at < vectors + count * d; at += d)
    for (let j = 0; j < d; j++) sum += a[diagonal + j]! * a[at + j]! ** 2
  return sum
}

const tasksOfSide = ({ count }: Pick<SideWork, 'count'>): number => Math.ceil(count / rowsOfTask)

/** All that is needed in one memory, the pairs in it already. */
function layOut(dimension: number, sides: readonly [Side, Side], alpha0: number, threads: number): HalfStepWork {
  const d = Math.ceil(dimension / side) * side
  let end = 0
  /** In doubles. */
  const take = (size: number): number => (end += size) - size
  const placed = sides.map(({ rows: { offsets, items, weights } }): SideWork => {
    const count = offsets.length - 1
    return {
      count,
      vectors: take(Math.ceil(count / side) * side * d),
      offsets: 2 * take(Math.ceil(offsets.length / 2)),
      items: 2 * take(Math.ceil(items.length / 2)),
      weights: weights === null ? null : 2 * take(Math.ceil(items.length / 2)),
      lambdas: take(count),
      grams: take(tasksOfSide({ count }) * systemSize(d)),
    }
  }) as [SideWork, SideWork]
  const [turn, diagonal, rooms] = [take(d * d), take(d), take(threads * roomSize(d))]
  const pages = Math.ceil((8 * end) / 65_536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  sides.forEach((given, which) => copyIn(memory, given, placed[which]!))
  return { kind: 'half-step', memory, d, alpha0, sides: placed, turn, diagonal, rooms }
}

function copyIn(memory: WebAssembly.Memory, { rows, lambdas }: Side, at: SideWork): void {
  const ints = new Int32Array(memory.buffer)
  ints.set(rows.offsets, at.offsets)
  ints.set(rows.items, at.items)
  if (rows.weights !== null && at.weights !== null) new Float32Array(memory.buffer).set(rows.weights, at.weights)
  new Float64Array(memory.buffer).set(lambdas, at.lambdas)
}

/** The turn into the basis in which the Gram matrix of the side is diagonal, and that diagonal; see halfStep.ts. */
function diagonalise(a: Float64Array, { d, turn, diagonal }: HalfStepWork, dimension: number, of: SideWork): void {
  const gram = Matrix.zeros(dimension, dimension)
  for (let task = 0; task < tasksOfSide(of); task++)
    for (let i = 0; i < dimension; i++)
      for (let j = i; j < dimension; j++)
        gram.set(j, i, gram.get(j, i) + a[of.grams + task * systemSize(d) + cellOf(d, i, j)]!)
  for (let i = 0; i < dimension; i++) for (let j = i; j < dimension; j++) gram.set(i, j, gram.get(j, i))
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(gram, { assumeSymmetric: true })
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < dimension; j++) a[turn + cellOf(d, i, j)] = eigenvectorMatrix.get(i, j)
  // Behind the dimension every vector is 0, whatever stands here.
  a.fill(1, diagonal, diagonal + d)
  realEigenvalues.forEach((value, j) => (a[diagonal + j] = Math.max(0, value)))
}

/** A copy, without the numbers that fill the last tile. */
function vectorsOf(a: Float64Array, { d }: HalfStepWork, dimension: number, { count, vectors }: SideWork): Vectors {
  const data = new Float64Array(count * dimension)
  for (let row = 0; row < count; row++)
    data.set(a.subarray(vectors + row * d, vectors + row * d + dimension), row * dimension)
  return { count, dimension, data }
}
