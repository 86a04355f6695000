import { dateOfDayNumber } from '../features/schema/time.js'

/** First day of the Spring Festival, recalled: the exchanges close for it and the six days after. */
const springFestivals = new Set([
  '2018-02-16',
  '2019-02-05',
  '2020-01-25',
  '2021-02-12',
  '2022-02-01',
  '2023-01-22',
  '2024-02-10',
  '2025-01-29',
  '2026-02-17',
  '2027-02-06',
  '2028-01-26',
  '2029-02-13',
  '2030-02-03',
  '2031-01-23',
  '2032-02-11',
])

const fixedHolidays = /-(01-01|05-0[1-3]|10-0[1-7])$/

/** Monday 1 to Sunday 7 of a day number. Day 0, 1970-01-01, was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** Weekdays but for New Year, 1 to 3 May, 1 to 7 October and the Spring Festival: a calendar near the exchanges' own. */
export function isTradingDay(day: number): boolean {
  if (weekdayOf(day) > 5 || fixedHolidays.test(dateOfDayNumber(day))) return false
  for (let back = 0; back < 7; back++) if (springFestivals.has(dateOfDayNumber(day - back))) return false
  return true
}

/** Trading days from the first to the last day number, both included, ascending. */
export const tradingDays = (first: number, last: number): Int32Array =>
  Int32Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(isTradingDay)
