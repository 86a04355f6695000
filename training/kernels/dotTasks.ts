import { type Tasks } from './claims.js'
import { side, stripsOver } from './strip.js'

/** Tiles of rows that a task goes through for all queries, so that they stay near while they are read again. */
export const tilesOfTask = 8

/** Where things stand in the memory, in doubles. */
export type DotWork = {
  readonly kind: 'dots'
  readonly memory: WebAssembly.Memory
  readonly dimension: number
  /** Tiles of four rows, [rowTiles, dimension, 4]. */
  readonly rowsAt: number
  readonly rowTiles: number
  /** Tiles of four queries, [queryTiles, dimension, 4]. */
  readonly queriesAt: number
  /** [4 · queryTiles, 4 · rowTiles]. */
  readonly dotsAt: number
}

/** What a thread does of the products of all rows with `queryTiles` tiles of queries, the argument of the phase. */
export function dotTasks({ memory, dimension, rowsAt, rowTiles, queriesAt, dotsAt }: DotWork): Tasks {
  const a = new Float64Array(memory.buffer)
  const strips = stripsOver(memory)
  const [width, tile] = [rowTiles * side, dimension * side]
  return (_phase, queryTiles, task) => {
    const first = task * tilesOfTask
    const tiles = Math.min(tilesOfTask, rowTiles - first)
    for (let query = 0; query < queryTiles; query++) {
      const corner = dotsAt + query * side * width + first * side
      for (let row = 0; row < side; row++) a.fill(0, corner + row * width, corner + row * width + tiles * side)
      const [of, by] = [queriesAt + query * tile, rowsAt + first * tile]
      strips.add(8 * corner, 8 * width, 8 * side, 8 * of, 8 * by, 8 * tile, dimension, tiles)
    }
  }
}
