/** A table [n, h] of which a step reads and changes a few rows: its values, and Adam's two means of each. */
export type RowTable = {
  readonly values: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
  readonly width: number
  /** Steps taken. */
  steps: number
}

export const rowTable = (values: Float32Array, width: number): RowTable => ({
  values,
  first: new Float32Array(values.length),
  second: new Float32Array(values.length),
  width,
  steps: 0,
})

/** [m, h] of m rows. */
export function rowsOf({ values, width }: RowTable, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length * width)
  rows.forEach((row, place) => taken.set(values.subarray(row * width, (row + 1) * width), place * width))
  return taken
}

/**
 * One step of Adam (Kingma and Ba 2015) on the rows that have a gradient [m, h], distinct; the others stay as they are,
 * and so do their means ("lazy" Adam). TensorFlow's walks over the whole table a dozen times a step, which for a table
 * of 41,000 × 64 costs half of the step.
 */
export function adamRows(table: RowTable, rows: Int32Array, gradient: Float32Array, rate: number): void {
  const { values, first, second, width } = table
  table.steps++
  const [keep1, keep2] = [0.9, 0.999]
  const scale = (rate * Math.sqrt(1 - keep2 ** table.steps)) / (1 - keep1 ** table.steps)
  let from = 0
  for (const row of rows)
    for (let at = row * width; at < (row + 1) * width; at++) {
      const slope = gradient[from++]!
      const mean = (first[at] = keep1 * first[at]! + (1 - keep1) * slope)
      const square = (second[at] = keep2 * second[at]! + (1 - keep2) * slope * slope)
      values[at]! -= (scale * mean) / (Math.sqrt(square) + 1e-7)
    }
}

/** The distinct rows of some lists, in order of appearance, and the lists as places among them. Scratch: all −1, given back so. */
export function compacted(
  lists: readonly Int32Array[],
  placeOf: Int32Array,
): { readonly rows: Int32Array; readonly places: readonly Int32Array[] } {
  const rows: number[] = []
  const places = lists.map((list) =>
    list.map((row) => {
      if (placeOf[row]! < 0) placeOf[row] = rows.push(row) - 1
      return placeOf[row]!
    }),
  )
  for (const row of rows) placeOf[row] = -1
  return { rows: Int32Array.from(rows), places }
}
