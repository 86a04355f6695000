import { earliestInstant } from '../quality/ranges.js'
import { dayNumber, type Instant, LocalDate } from '../schema/time.js'

/** What a column of days wants. */
export const aPastDay = 'a day such as 2018-01-02, from 1990 on and not after the day of this import'

/**
 * Whether a text is a calendar day that had begun (UTC) when the import takes place, for nothing is known ahead of it,
 * and that lies in the range of what can have happened.
 */
export function isPastDay(text: string, importedAt: Instant): boolean {
  if (!LocalDate.safeParse(text).success) return false
  const from = dayNumber(text) * 86_400_000
  return from >= earliestInstant && from <= importedAt
}
