import { type Event } from '../schema/event.js'
import { type Investor } from '../schema/investor.js'
import { type Product } from '../schema/product.js'
import { dayNumber, type Instant } from '../schema/time.js'
import { type Bound, type RangeRule, ranges, type RangeSubject, rangeSubjects } from './ranges.js'

/** A value outside of its range. `refused`: it cannot be true; else it is odd. No value is told, for it may be personal. */
export type OutOfRange = {
  /** `investor.birthDate`: of a bounded set, the fields of `ranges`. */
  readonly field: string
  /** Where it stands in the record; a member of a list has its place last. */
  readonly path: readonly string[]
  readonly refused: boolean
  readonly want: string
  readonly reason: string
}

export type RangedRecords = { investor: Investor; event: Event; product: Product }

/** The values of a record that are out of their range, as of when it became known (ms UTC), in the table's order. */
export function outOfRange<S extends RangeSubject>(
  subject: S,
  record: RangedRecords[S],
  at: Instant,
): readonly OutOfRange[] {
  const found: OutOfRange[] = []
  for (const rule of ranges[subject])
    for (const [path, value] of valuesAt(record, rule.path)) {
      const measured = measure(rule, value, at)
      const refused = !within(rule.possible, measured)
      if (refused || (rule.usual !== null && !within(rule.usual, measured)))
        found.push({ field: fieldOf(subject, rule), path, refused, want: rule.want, reason: rule.reason })
    }
  return found
}

const fieldOf = (subject: RangeSubject, { path }: RangeRule): string => `${subject}.${path.join('.')}`

/** Every field that has a range, each once. */
export const rangedFields: readonly string[] = [
  ...new Set(rangeSubjects.flatMap((subject) => ranges[subject].map((rule) => fieldOf(subject, rule)))),
]

const within = ([least, most]: Bound, value: number): boolean => value >= least && value <= most

const dayMs = 86_400_000

/** A text is a calendar day. */
function measure({ measure }: RangeRule, value: number | string, at: Instant): number {
  if (measure === 'value') return Number(value)
  return typeof value === 'string' ? Math.floor(at / dayMs) - dayNumber(value) : (at - value) / dayMs
}

/** What stands at a path: one value, those of a list, or none where any step of it is null or absent. */
function valuesAt(record: object, path: readonly string[]): readonly (readonly [readonly string[], number | string])[] {
  let value: unknown = record
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return []
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  const isValue = (one: unknown): one is number | string => typeof one === 'number' || typeof one === 'string'
  if (isValue(value)) return [[path, value]]
  if (!Array.isArray(value)) return []
  return value.filter(isValue).map((one, place) => [[...path, String(place)], one] as const)
}
