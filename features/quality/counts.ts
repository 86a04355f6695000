import { binCount, binOf } from './bins.js'

/** Of one column: values a bin, and those that were missing. */
export type ColumnCounts = { readonly bins: readonly number[]; readonly missing: number }

/** The edges of every column's bins: [d] lists. */
export type Edges = readonly (readonly number[])[]

/** Counts of vectors by column and bin, in one array of fixed size. No vector is kept. */
export type Counted = {
  /** vector: [d], NaN for a missing value. Throws a RangeError for another width. */
  readonly add: (vector: Float32Array) => void
  readonly addTo: (sum: Uint32Array) => void
  readonly clear: () => void
}

/** Where each column's bins begin in the array; its missing values are counted after them. */
export const startsOf = (edges: Edges): readonly number[] => {
  const starts = [0]
  for (const column of edges) starts.push((starts.at(-1) ?? 0) + binCount(column) + 1)
  return starts
}

export function counted(edges: Edges): Counted {
  const starts = startsOf(edges)
  const counts = new Uint32Array(starts.at(-1) ?? 0)
  return {
    add: (vector) => {
      if (vector.length !== edges.length)
        throw new RangeError(`counts: ${vector.length} columns; want the ${edges.length} of the reference`)
      for (const [column, own] of edges.entries()) {
        const value = vector[column] ?? Number.NaN
        const place = (starts[column] ?? 0) + (Number.isNaN(value) ? binCount(own) : binOf(own, value))
        counts[place] = (counts[place] ?? 0) + 1
      }
    },
    addTo: (sum) => counts.forEach((count, place) => (sum[place] = (sum[place] ?? 0) + count)),
    clear: () => void counts.fill(0),
  }
}

/** Sums of `addTo` by column. */
export function columnsOf(edges: Edges, sum: Uint32Array): readonly ColumnCounts[] {
  const starts = startsOf(edges)
  return edges.map((own, column) => {
    const from = starts[column] ?? 0
    const bins = [...sum.subarray(from, from + binCount(own))]
    return { bins, missing: sum[from + bins.length] ?? 0 }
  })
}

export const noCounts = (edges: Edges): Uint32Array => new Uint32Array(startsOf(edges).at(-1) ?? 0)

/** All vectors counted at once. */
export function countsOf(edges: Edges, vectors: Iterable<Float32Array>): readonly ColumnCounts[] {
  const all = counted(edges)
  for (const vector of vectors) all.add(vector)
  const sum = noCounts(edges)
  all.addTo(sum)
  return columnsOf(edges, sum)
}
