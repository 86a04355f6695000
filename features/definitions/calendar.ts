import { dateOfDayNumber, type Instant, type LocalDate } from '../schema/time.js'

const msPerDay = 86_400_000

/** Day number (UTC) of an instant. */
export const dayOfInstant = (at: Instant): number => Math.floor(at / msPerDay)

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Day number `months` calendar months before a day number; the 31st becomes a shorter month's last day. */
export function monthsBefore(day: number, months: number): number {
  const date = dateOfDayNumber(day)
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - months
  const year = Math.floor(count / 12)
  const month = (count % 12) + 1
  return Math.floor(Date.UTC(year, month - 1, Math.min(Number(date.slice(8)), daysInMonth(year, month))) / msPerDay)
}

/** Whole years from a birth date to a day (UTC); 29 February has its birthday on the 28th of a common year. */
export function ageYearsOn(birthDate: LocalDate, day: number): number {
  const on = dateOfDayNumber(day)
  const year = Number(on.slice(0, 4))
  const born = birthDate.slice(5)
  const birthday = born === '02-29' && daysInMonth(year, 2) === 28 ? '02-28' : born
  return year - Number(birthDate.slice(0, 4)) - (on.slice(5) < birthday ? 1 : 0)
}
