import { type Tasks } from './claims.js'
import { addOuter, cellOf, clear, solve, systemSize } from './smallSystem.js'
import { side, type Strips, stripsOver } from './strip.js'

export const phases = { gram: 0, turn: 1, solve: 2 }

/** Rows of a task: the sum of their Gram matrices has the same order whatever the threads. */
export const rowsOfTask = 512

/** Vectors that are gathered before they are multiplied. */
const gathered = 32

/** One side of the pairs in the memory; places of doubles, but of `offsets`, `items` and `weights` of their own numbers. */
export type SideWork = {
  readonly count: number
  /** [count, d], then rows of 0 up to a whole tile. */
  readonly vectors: number
  readonly offsets: number
  readonly items: number
  /** null: all 1. */
  readonly weights: number | null
  /** λ of each row. */
  readonly lambdas: number
  /** Gram matrices of the tasks, [tasks, d / 4 + 1, d, 4], of which the upper triangle is meant. */
  readonly grams: number
}

export type HalfStepWork = {
  readonly kind: 'half-step'
  readonly memory: WebAssembly.Memory
  /** Whole tiles: numbers behind the model's dimension are 0. */
  readonly d: number
  readonly sides: readonly [SideWork, SideWork]
  /** In tiles of columns, [d / 4, d, 4]. */
  readonly turn: number
  readonly alpha0: number
  /** The diagonal of the turned side's Gram matrix, [d]. */
  readonly diagonal: number
  /** `roomSize(d)` for each thread. */
  readonly rooms: number
}

/** Doubles of a thread's own: a system, gathered vectors in tiles, and a vector of 0. */
export const roomSize = (d: number): number => systemSize(d) + (d + side) * Math.max(d, gathered) + d

type Views = {
  readonly a: Float64Array
  readonly ints: Int32Array
  readonly singles: Float32Array
  readonly strips: Strips
  readonly system: number
  readonly tiles: number
  /** [d], never written. */
  readonly zeros: number
  readonly scale: Float64Array
  readonly shares: Float64Array
  readonly x: Float64Array
}

/** What a thread does of half-steps. The side that a phase of `gram` or `turn` reads, and one of `solve` fills, is its argument. */
export function halfStepTasks(work: HalfStepWork, thread: number): Tasks {
  const { memory, d, rooms } = work
  const system = rooms + thread * roomSize(d)
  const views: Views = {
    ...{ a: new Float64Array(memory.buffer), ints: new Int32Array(memory.buffer) },
    ...{ singles: new Float32Array(memory.buffer), strips: stripsOver(memory) },
    ...{ system, tiles: system + systemSize(d), zeros: system + roomSize(d) - d },
    ...{ scale: new Float64Array(d), shares: new Float64Array(d), x: new Float64Array(d) },
  }
  const tasks = [gram, turn, solveRows]
  return (phase, which, task) => tasks[phase]!(work, views, which, task)
}

/** The Gram matrix of the rows of a task. */
function gram({ d, sides }: HalfStepWork, views: Views, which: number, task: number): void {
  const { a, strips, tiles } = views
  const { count, vectors, grams } = sides[which]!
  const at = grams + task * systemSize(d)
  clear(a, at, d)
  const last = Math.min(count, (task + 1) * rowsOfTask)
  for (let from = task * rowsOfTask; from < last; from += gathered) {
    const rows = Math.min(gathered, last - from)
    a.fill(0, tiles, tiles + (d + side) * gathered)
    for (let k = 0; k < rows; k++) spread(a, vectors + (from + k) * d, d, tiles + k * side, gathered * side, 1)
    addOuter(strips, at, d, tiles, gathered * side, rows)
  }
}

/** A vector into tiles of columns: four numbers go to `to`, the next four `step` behind. */
function spread(a: Float64Array, from: number, d: number, to: number, step: number, factor: number): void {
  for (let j = 0; j < d; j += side, to += step) {
    a[to] = a[from + j]! * factor
    a[to + 1] = a[from + j + 1]! * factor
    a[to + 2] = a[from + j + 2]! * factor
    a[to + 3] = a[from + j + 3]! * factor
  }
}

/** Each row of a task times the turn. */
function turn(
  { d, sides, turn: matrix }: HalfStepWork,
  { a, strips, tiles }: Views,
  which: number,
  task: number,
): void {
  const { count, vectors } = sides[which]!
  const last = Math.min(count, (task + 1) * rowsOfTask)
  for (let row = task * rowsOfTask; row < last; row += side) {
    const rows = Math.min(side, last - row)
    const at = vectors + row * d
    for (let r = 0; r < side; r++)
      for (let j = 0; j < d; j++) a[tiles + j * side + r] = r < rows ? a[at + r * d + j]! : 0
    a.fill(0, at, at + rows * d)
    // The rows behind the last gain 0.
    strips.add(8 * at, 8 * d, 8 * side, 8 * tiles, 8 * matrix, 8 * d * side, d, d / side)
  }
}

/** The minimiser of each row of a task; the formulas stand at `halfStep` of models/. */
function solveRows(work: HalfStepWork, views: Views, which: number, task: number): void {
  const { d, sides } = work
  const { a, ints, x } = views
  const { count, offsets, vectors } = sides[which]!
  const last = Math.min(count, (task + 1) * rowsOfTask)
  for (let row = task * rowsOfTask; row < last; row++) {
    const start = ints[offsets + row]!
    const size = ints[offsets + row + 1]! - start
    if (size === 0) x.fill(0)
    else if (size < d) byItems(work, views, which, row, start, size)
    else byDimensions(work, views, which, row, start, size)
    for (let j = 0, at = vectors + row * d; j < d; j++) a[at + j] = x[j]!
  }
}

/** x = D⁻¹ Y_Sᵀ (W⁻¹ + Y_S D⁻¹ Y_Sᵀ)⁻¹ 1, D the diagonal; rows of no item fill the last tile. */
function byItems(work: HalfStepWork, views: Views, which: number, row: number, start: number, size: number): void {
  const { d, sides, diagonal, alpha0 } = work
  const { a, strips, system, tiles, scale, shares, x } = views
  const whole = Math.ceil(size / side) * side
  const lambda = a[sides[which]!.lambdas + row]!
  for (let j = 0; j < d; j++) scale[j] = 1 / Math.sqrt(alpha0 * a[diagonal + j]! + lambda)
  clear(a, system, whole)
  for (let k = 0; k < whole; k++)
    a[system + cellOf(whole, k, k)] = k < size ? 1 / weightOf(views, sides[which]!, start + k) : 1
  for (let k = 0; k < size; k++) a[system + cellOf(whole, k, whole)] = 1
  for (let k = 0; k < size; k += side)
    gatherScaled(work, views, which, start + k, Math.min(side, size - k), tiles + k * d)
  a.fill(0, tiles + whole * d, tiles + (whole + side) * d)
  addOuter(strips, system, whole, tiles, d * side, d)
  solve(a, strips, system, whole, shares)
  x.fill(0)
  for (let k = 0; k < whole; k += side) {
    const [s0, s1, s2, s3] = [shares[k]!, shares[k + 1]!, shares[k + 2]!, shares[k + 3]!]
    for (let j = 0, t = tiles + k * d; j < d; j++, t += side)
      x[j]! += s0 * a[t]! + s1 * a[t + 1]! + (s2 * a[t + 2]! + s3 * a[t + 3]!)
  }
  for (let j = 0; j < d; j++) x[j]! *= scale[j]!
}

/** Up to four vectors, scaled, into a tile of as many columns [d, 4]. */
function gatherScaled(work: HalfStepWork, views: Views, which: number, pair: number, count: number, to: number): void {
  const { d } = work
  const { a, scale } = views
  const from = (k: number): number => (k < count ? vectorOf(work, views, which, pair + k) : views.zeros)
  const [f0, f1, f2, f3] = [from(0), from(1), from(2), from(3)]
  for (let j = 0, t = to; j < d; j++, t += side) {
    const factor = scale[j]!
    a[t] = a[f0 + j]! * factor
    a[t + 1] = a[f1 + j]! * factor
    a[t + 2] = a[f2 + j]! * factor
    a[t + 3] = a[f3 + j]! * factor
  }
}

/** x = (D + Σ w y yᵀ)⁻¹ Σ w y */
function byDimensions(work: HalfStepWork, views: Views, which: number, row: number, start: number, size: number): void {
  const { d, sides, diagonal, alpha0 } = work
  const { a, strips, system, tiles, x } = views
  const lambda = a[sides[which]!.lambdas + row]!
  clear(a, system, d)
  for (let j = 0; j < d; j++) a[system + cellOf(d, j, j)] = alpha0 * a[diagonal + j]! + lambda
  const step = gathered * side
  a.fill(0, tiles + (d / side) * step, tiles + (d / side + 1) * step)
  for (let first = 0; first < size; first += gathered) {
    const depth = Math.min(gathered, size - first)
    for (let k = 0; k < depth; k++) {
      const root = Math.sqrt(weightOf(views, sides[which]!, start + first + k))
      spread(a, vectorOf(work, views, which, start + first + k), d, tiles + k * side, step, root)
      a[tiles + (d / side) * step + k * side] = root
    }
    addOuter(strips, system, d, tiles, step, depth)
  }
  solve(a, strips, system, d, x)
}

const weightOf = ({ singles }: Views, { weights }: SideWork, pair: number): number =>
  weights === null ? 1 : singles[weights + pair]!

/** Where the other side's vector of a pair begins. */
const vectorOf = ({ d, sides }: HalfStepWork, { ints }: Views, which: number, pair: number): number =>
  sides[1 - which]!.vectors + ints[sides[which]!.items + pair]! * d
