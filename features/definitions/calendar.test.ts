import { dateOfDayNumber, dayNumber } from '../schema/time.js'
import { ageYearsOn, monthsBefore } from './calendar.js'

test.each([
  ['2026-05-08', 1, '2026-04-08'],
  ['2026-03-31', 1, '2026-02-28'],
  ['2024-03-31', 1, '2024-02-29'],
  ['2026-01-15', 12, '2025-01-15'],
  ['2026-01-15', 1, '2025-12-15'],
])('%s less %i months is %s', (date, months, expected) => {
  expect(dateOfDayNumber(monthsBefore(dayNumber(date), months))).toBe(expected)
})

test.each([
  ['1961-05-09', '2026-05-08', 64],
  ['1961-05-08', '2026-05-08', 65],
  ['1960-02-29', '2025-02-27', 64],
  ['1960-02-29', '2025-02-28', 65],
  ['1960-02-29', '2024-02-28', 63],
  ['1960-02-29', '2024-02-29', 64],
  ['1990-03-01', '2024-02-29', 33],
  ['1990-03-01', '2025-02-28', 34],
  ['2026-01-01', '2026-01-01', 0],
])('born %s, on %s: %i years', (birthDate, on, years) => {
  expect(ageYearsOn(birthDate, dayNumber(on))).toBe(years)
})
