import { type DotWork, tilesOfTask } from './dotTasks.js'
import { side } from './strip.js'
import { openThreads, threadsFor, type Threads } from './threads.js'

export type ManyDots = {
  /**
   * Of queries, [q, d] with q ≤ `atOnce`, the dot products with all rows, [q, n] at the front of rows of `stride`; summed
   * from the first number up in double precision. They stand until the next call.
   */
  readonly of: (queries: Float32Array) => Float64Array
  readonly stride: number
  readonly close: () => void
}

/**
 * Products of a few queries at a time with all of rows, [n, d], on all cores: 8 n (d + atOnce) bytes. `queries` is how
 * many there will be in all, by which threads are started.
 */
export function manyDots(rows: Float32Array, dimension: number, atOnce: number, queries: number): ManyDots {
  const n = rows.length / dimension
  const [rowTiles, most] = [Math.ceil(n / side), Math.ceil(atOnce / side)]
  const queriesAt = rowTiles * side * dimension
  const dotsAt = queriesAt + most * side * dimension
  const stride = rowTiles * side
  const pages = Math.ceil(((dotsAt + most * side * stride) * 8) / 65_536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const a = new Float64Array(memory.buffer)
  const work: DotWork = { kind: 'dots', memory, dimension, rowsAt: 0, rowTiles, queriesAt, dotsAt }
  intoTiles(rows, dimension, a, 0)
  const threads: Threads = openThreads(work, threadsFor(n * dimension * queries))
  return {
    stride,
    close: () => threads.close(),
    of: (asked) => {
      const count = asked.length / dimension
      if (count > atOnce) throw new RangeError(`dot products: ${count} queries, want at most ${atOnce}`)
      intoTiles(asked, dimension, a, queriesAt)
      threads.phase(0, Math.ceil(count / side), Math.ceil(rowTiles / tilesOfTask))
      return a.subarray(dotsAt, dotsAt + count * stride)
    },
  }
}

/** Rows into tiles of four, [n / 4, d, 4]; what stands behind the last of them is left as it is, and read by nobody. */
function intoTiles(rows: Float32Array, dimension: number, to: Float64Array, at: number): void {
  for (let row = 0, from = 0; from < rows.length; row++, from += dimension) {
    const tile = at + (row - (row % side)) * dimension + (row % side)
    for (let k = 0; k < dimension; k++) to[tile + k * side] = rows[from + k]!
  }
}
