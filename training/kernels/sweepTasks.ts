import { type Tasks } from './claims.js'
import { side, type Strips, stripsOver } from './strip.js'

/** Rows that are swept together, and columns of a task: so a block's own columns are a task's. */
export const block = 64

export const phases = { weigh: 0, subtract: 1, finish: 2 }

/** Where things stand in the memory, in doubles: A [size, size] at 0, then what a sweep needs beside it. */
export type SweepWork = {
  readonly kind: 'sweep'
  readonly memory: WebAssembly.Memory
  /** Rows and columns, whole tiles of them. */
  readonly size: number
  /** A's rows of the block, [size / 4, block, 4]. */
  readonly rowsAt: number
  /** The same times P, the inverse of the block's corner. */
  readonly weighedAt: number
  /** P, [block / 4, block, 4]. */
  readonly cornerAt: number
}

/** Of row i and column j in tiles of columns, [columns / 4, block, 4]. */
export const cellOf = (i: number, j: number): number => (j - (j % side)) * block + i * side + (j % side)

/** What a thread does of a sweep. */
export function sweepTasks(work: SweepWork): Tasks {
  const a = new Float64Array(work.memory.buffer)
  const strips = stripsOver(work.memory)
  return (phase, from, task) => {
    if (phase === phases.weigh) weigh(a, work, strips, from, task * block)
    else if (phase === phases.subtract) subtract(work, strips, from, task * block)
    else finish(a, work.size, task * block)
  }
}

/** Gathers A_K and makes W of it, of the columns from `first`; W takes A_K's place. */
function weigh(a: Float64Array, work: SweepWork, strips: Strips, from: number, first: number): void {
  const { size, rowsAt, weighedAt, cornerAt } = work
  const rows = Math.min(block, size - from)
  const last = Math.min(size, first + block)
  const place = (i: number, j: number): number => (j < from ? j * size + from + i : (from + i) * size + j)
  if (first === from) return
  for (let i = 0; i < rows; i++) for (let j = first; j < last; j++) a[rowsAt + cellOf(i, j)] = a[place(i, j)]!
  a.fill(0, weighedAt + first * block, weighedAt + last * block)
  const step = 8 * block * side
  const of = (at: number, row = 0): number => 8 * (at + first * block + row * side)
  for (let i = 0; i < rows; i += side)
    strips.add(
      of(weighedAt, i),
      8 * side,
      step,
      8 * (cornerAt + i * block),
      of(rowsAt),
      step,
      rows,
      (last - first) / side,
    )
  for (let i = 0; i < rows; i++) for (let j = first; j < last; j++) a[place(i, j)] = a[weighedAt + cellOf(i, j)]!
}

/** A −= A_Kᵀ W in the upper triangle of the columns from `first`, K's own rows and columns left out. */
function subtract({ size, rowsAt, weighedAt }: SweepWork, strips: Strips, from: number, first: number): void {
  if (first === from) return
  const rows = Math.min(block, size - from)
  const last = Math.min(size, first + block)
  const step = 8 * block * side
  for (let i = 0; i < last; i += side) {
    if (i >= from && i < from + block) continue
    const j = Math.max(i, first)
    const [c, a, b] = [i * size + j, rowsAt + i * block, weighedAt + j * block]
    strips.subtract(8 * c, 8 * size, 8 * side, 8 * a, 8 * b, step, rows, (last - j) / side)
  }
}

/** The signs, and the lower triangle from the upper, of the columns from `first`. */
function finish(a: Float64Array, size: number, first: number): void {
  const last = Math.min(size, first + block)
  for (let i = 0; i < last; i++)
    for (let j = Math.max(i, first); j < last; j++) {
      const value = -a[i * size + j]!
      a[i * size + j] = value
      a[j * size + i] = value
    }
}
