import { addMonths, ageYears, localDate, oldestWithin, startOfDay, tradingDayBefore } from './calendar.js'

test.each([
  ['2026-05-08T15:59:59Z', 'Asia/Shanghai', '2026-05-08'],
  ['2026-05-08T16:00:00Z', 'Asia/Shanghai', '2026-05-09'],
  ['2026-07-01T23:30:00Z', 'Europe/Athens', '2026-07-02'],
  ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31'],
])('%s in %s is %s', (instant, zone, day) => expect(localDate(Date.parse(instant), zone)).toBe(day))

test.each([
  ['2025-05-08', 12, '2026-05-08'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-02-29', 48, '2028-02-29'],
  ['2026-03-31', -1, '2026-02-28'],
  ['2024-03-31', -1, '2024-02-29'],
  ['2026-01-15', -1, '2025-12-15'],
  ['2026-01-15', -13, '2024-12-15'],
  ['2026-12-01', 1, '2027-01-01'],
])('%s and %i months: %s', (from, months, to) => expect(addMonths(from, months)).toBe(to))

test.each([
  ['1961-05-08', '2026-05-07', 64],
  ['1961-05-09', '2026-05-08', 64],
  ['1961-05-08', '2026-05-08', 65],
  ['1960-02-29', '2025-02-27', 64],
  ['1960-02-29', '2025-02-28', 65],
  ['1960-02-29', '2024-02-28', 63],
  ['1960-02-29', '2024-02-29', 64],
  ['1990-03-01', '2024-02-29', 33],
  ['1990-03-01', '2025-02-28', 34],
  ['2026-01-01', '2026-01-01', 0],
])('born %s, on %s: %i years', (birth, today, years) => expect(ageYears(birth, today)).toBe(years))

// 2026-05-08 is a Friday; 1 to 5 May are holidays and 2 and 3 May a weekend.
const mayDay = new Set(['2026-05-01', '2026-05-04', '2026-05-05'])
test.each([
  ['2026-05-08', 0, '2026-05-08'],
  ['2026-05-08', 1, '2026-05-07'],
  ['2026-05-08', 2, '2026-05-06'],
  ['2026-05-08', 3, '2026-04-30'],
  ['2026-05-10', 1, '2026-05-08'],
])('%s less %i trading days: %s', (today, count, day) => expect(tradingDayBefore(today, count, mayDay)).toBe(day))

test.each([
  ['2026-05-08', 12, '2025-05-08'],
  ['2024-02-29', 12, '2023-03-01'],
  ['2025-02-28', 12, '2024-02-28'],
  ['2025-03-01', 12, '2024-03-01'],
])('on %s a term of %i months holds from %s on', (today, months, oldest) => {
  expect(oldestWithin(today, months)).toBe(oldest)
})

test.each([
  ['2026-05-08', 'Asia/Shanghai', '2026-05-07T16:00:00.000Z'],
  ['2026-05-08', 'UTC', '2026-05-08T00:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-11-01', 'Pacific/Kiritimati', '2026-10-31T10:00:00.000Z'],
  ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
])('%s in %s begins at %s, and not a millisecond before', (day, zone, instant) => {
  const start = startOfDay(day, zone)
  expect(new Date(start).toISOString()).toBe(instant)
  expect(localDate(start, zone)).toBe(day)
  expect(localDate(start - 1, zone) < day).toBe(true)
})
