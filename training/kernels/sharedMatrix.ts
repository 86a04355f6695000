import { invertInPlace } from './sweep.js'
import { openThreads, threadsFor } from './threads.js'
import { side } from './strip.js'
import { block, cellOf, phases, type SweepWork } from './sweepTasks.js'

/** A symmetric matrix that threads may share: [n, n] at the front of rows of `stride`. */
export type SharedMatrix = {
  readonly values: Float64Array
  readonly stride: number
  /** Leaves the whole inverse; reads the upper triangle. Throws a RangeError where it is not positive definite. */
  readonly invert: (threads?: number) => void
}

/** All 0. With 10,000 rows it takes 810 MB, and its inversion no more. */
export function sharedMatrix(n: number): SharedMatrix {
  const size = Math.ceil(n / side) * side
  const [rowsAt, weighedAt, cornerAt] = [size * size, size * (size + block), size * (size + 2 * block)]
  const pages = Math.ceil(((cornerAt + block * block) * 8) / 65_536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const work: SweepWork = { kind: 'sweep', memory, size, rowsAt, weighedAt, cornerAt }
  const values = new Float64Array(memory.buffer, 0, size * size)
  return { values, stride: size, invert: (threads = threadsFor(n ** 3)) => invertShared(work, n, threads) }
}

/**
 * `invertInPlace` a block of rows K at a time: with P = A_KK⁻¹ and W = P A_K, A −= A_Kᵀ W over the upper triangle, A_K
 * = W, A_KK = −P. Of each cell the additions are the same whatever the threads.
 */
function invertShared(work: SweepWork, n: number, threads: number): void {
  const { size } = work
  const a = new Float64Array(work.memory.buffer)
  for (let row = n; row < size; row++) a[row * size + row] = 1
  const columns = Math.ceil(size / block)
  const pool = openThreads(work, threads)
  try {
    for (let from = 0; from < size; from += block) {
      const corner = sweepCorner(a, work, from)
      pool.phase(phases.weigh, from, columns)
      pool.phase(phases.subtract, from, columns)
      writeCorner(a, work, from, corner)
    }
    pool.phase(phases.finish, 0, columns)
  } finally {
    pool.close()
  }
}

/** P of the block from `from`, [rows, rows], and a copy where the tasks read it. */
function sweepCorner(a: Float64Array, { size, cornerAt }: SweepWork, from: number): Float64Array {
  const rows = Math.min(block, size - from)
  const p = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) for (let j = i; j < rows; j++) p[i * rows + j] = a[(from + i) * size + from + j]!
  invertInPlace(p, rows, from)
  for (let i = 0; i < rows; i++) for (let j = 0; j < rows; j++) a[cornerAt + cellOf(i, j)] = p[i * rows + j]!
  return p
}

function writeCorner(a: Float64Array, { size }: SweepWork, from: number, p: Float64Array): void {
  const rows = Math.min(block, size - from)
  for (let i = 0; i < rows; i++) for (let j = i; j < rows; j++) a[(from + i) * size + from + j] = -p[i * rows + j]!
}
