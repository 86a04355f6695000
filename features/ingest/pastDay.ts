import { dayNumber, type Instant, LocalDate } from '../schema/time.js'

/** What a column of days wants. */
export const aPastDay = 'a day such as 2018-01-02, not after the day of this import'

/** Whether a text is a calendar day that had begun (UTC) when the import takes place: nothing is known ahead of it. */
export const isPastDay = (text: string, importedAt: Instant): boolean =>
  LocalDate.safeParse(text).success && dayNumber(text) * 86_400_000 <= importedAt
