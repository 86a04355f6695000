import { type Instant } from '../schema/time.js'
import { type ColumnCounts, columnsOf, counted, type Edges, noCounts } from './counts.js'

const hourMs = 3_600_000
const hours = 24

/** Counts of the vectors of the last day, by hours: fixed memory, and nothing of whom they were. */
export type Rolling = {
  /** vector: [d], NaN for a missing value, read at `at` (ms UTC); one of before the last day is left out. */
  readonly add: (vector: Float32Array, at: Instant) => void
  /** Of the hour of `at` and the 23 before. */
  readonly counts: (at: Instant) => readonly ColumnCounts[]
}

export function rolling(edges: Edges): Rolling {
  const slots = Array.from({ length: hours }, () => ({ hour: -Infinity, counts: counted(edges) }))
  return {
    add: (vector, at) => {
      const hour = Math.floor(at / hourMs)
      const slot = slots[((hour % hours) + hours) % hours]
      if (slot === undefined || hour < slot.hour) return
      if (hour > slot.hour) slot.counts.clear()
      slot.hour = hour
      slot.counts.add(vector)
    },
    counts: (at) => {
      const sum = noCounts(edges)
      const last = Math.floor(at / hourMs)
      for (const { hour, counts } of slots) if (hour > last - hours && hour <= last) counts.addTo(sum)
      return columnsOf(edges, sum)
    },
  }
}
