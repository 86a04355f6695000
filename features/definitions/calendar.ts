import { type Instant, type LocalDate, dateOfDayNumber, dayNumber } from '../schema/time.js'

const msPerDay = 86_400_000

/** Day number (UTC) of an instant. */
export const dayOfInstant = (at: Instant): number => Math.floor(at / msPerDay)

const formatters = new Map<string, Intl.DateTimeFormat>()

/** The calendar day of an instant in an IANA time zone. Throws `RangeError` on an unknown zone. */
export function localDate(at: Instant, timeZone: string): LocalDate {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(timeZone, formatter)
  }
  // By parts: the order and the signs of a locale's pattern change with the version of ICU.
  const parts = formatter.formatToParts(at)
  const part = (type: 'year' | 'month' | 'day'): string => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

/** The first instant of a calendar day in a time zone. Throws `RangeError` on an unknown zone. */
export function startOfDay(day: LocalDate, timeZone: string): Instant {
  // Zones lie within 15 hours of UTC; a day, once begun, does not end before it began.
  let [before, from] = [dayNumber(day) * msPerDay - 15 * 3_600_000, dayNumber(day) * msPerDay + 15 * 3_600_000]
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2)
    if (localDate(middle, timeZone) < day) before = middle
    else from = middle
  }
  return from
}

const split = (date: LocalDate): readonly [number, number, number] => [
  Number(date.slice(0, -6)),
  Number(date.slice(-5, -3)),
  Number(date.slice(-2)),
]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const monthDays = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** The same day `months` later (negative: earlier); a day that the month lacks becomes its last (29 → 28 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year, month, day] = split(date)
  const index = year * 12 + (month - 1) + months
  const newYear = Math.floor(index / 12)
  const newMonth = index - newYear * 12 + 1
  return `${pad(newYear, 4)}-${pad(newMonth, 2)}-${pad(Math.min(day, monthDays(newYear, newMonth)), 2)}`
}

/** Completed years of age on a day: the birthday itself completes one; one born on 29 February on 28 February. */
export function ageYears(birth: LocalDate, today: LocalDate): number {
  const years = split(today)[0] - split(birth)[0]
  return addMonths(birth, years * 12) <= today ? years : years - 1
}

/** The day that lies `count` trading days before `today`: weekdays that are no holidays, `today` itself not counted. */
export function tradingDayBefore(today: LocalDate, count: number, holidays: ReadonlySet<string>): LocalDate {
  let day = dayNumber(today)
  for (let left = count; left > 0;) {
    day -= 1
    // Day 0, 1970-01-01, was a Thursday.
    const weekday = (((day + 4) % 7) + 7) % 7
    if (weekday !== 0 && weekday !== 6 && !holidays.has(dateOfDayNumber(day))) left -= 1
  }
  return dateOfDayNumber(day)
}

/** The oldest day from which a term of `months`, counted forward, has not yet ended on `today`. */
export function oldestWithin(today: LocalDate, months: number): LocalDate {
  let day = dayNumber(addMonths(today, -months))
  // Counting back and forth differ at the ends of months: 29 February less a year and a year on is the 28th.
  while (addMonths(dateOfDayNumber(day), months) < today) day += 1
  while (addMonths(dateOfDayNumber(day - 1), months) >= today) day -= 1
  return dateOfDayNumber(day)
}
