import { outOfRange, type OutOfRange, type RangedRecords, rangedFields } from '../features/quality/outOfRange.js'
import { type RangeSubject } from '../features/quality/ranges.js'
import { type Instant } from '../features/schema/time.js'

/** How often a field was out of its range since the service was opened. */
export type RangeCount = { readonly field: string; readonly refused: number; readonly odd: number }

/** Stands before what is taken in: a value that cannot be true is refused, one that is odd is let in; both are counted. */
export type RangeDoor = {
  /** The values of a record that cannot be true as of now: where there is any, it is not to be taken in. */
  readonly faults: <S extends RangeSubject>(subject: S, record: RangedRecords[S]) => readonly OutOfRange[]
  /** Of every field that has a range. */
  readonly counts: () => readonly RangeCount[]
}

/** `now`: ms UTC. */
export function rangeDoor(now: () => Instant): RangeDoor {
  const counts = new Map(rangedFields.map((field) => [field, { refused: 0, odd: 0 }]))
  return {
    faults: (subject, record) => {
      const found = outOfRange(subject, record, now())
      for (const { field, refused } of found) {
        const count = counts.get(field)
        if (count !== undefined) count[refused ? 'refused' : 'odd']++
      }
      return found.filter(({ refused }) => refused)
    },
    counts: () => [...counts].map(([field, count]) => ({ field, ...count })),
  }
}
