import fc from 'fast-check'
import { randomFor } from '../features/definitions/random.js'
import { dateOfDayNumber, dayNumber } from '../features/schema/time.js'
import { dot, normal, poisson, weighted } from './draws.js'
import { emptyHoldings, unitsUpTo } from './holdings.js'
import { kindSpecs } from './kinds.js'
import { companyName } from './names.js'
import { nextVisitOf } from './population.js'
import { statusChanges } from './productLife.js'
import { weeklyHazard } from './redemption.js'
import { isTradingDay, tradingDays } from './tradingDays.js'

test.each([
  ['2026-05-01', false],
  ['2026-05-04', true],
  ['2026-02-17', false],
  ['2026-02-23', false],
  ['2026-02-24', true],
  ['2026-05-09', false],
])('trading on %s: %s', (date, trades) => expect(isTradingDay(dayNumber(date))).toBe(trades))
test('a year has about 242 trading days', () => {
  const days = tradingDays(dayNumber('2025-01-01'), dayNumber('2025-12-31'))
  expect(days.length).toBeGreaterThan(238)
  expect(days.length).toBeLessThan(250)
  expect(dateOfDayNumber(days[0] ?? 0)).toBe('2025-01-02')
})

test('holdings: first in, first out, and never below nothing', () => {
  const holdings = emptyHoldings()
  holdings.buy(3, 10, 10_000, 0, 1)
  holdings.buy(3, 20, 10_000, 100, 2)
  const position = holdings.of(3)
  if (position === undefined) throw new Error('want a position')
  expect(unitsUpTo(position, 15)).toBe(10_000)
  holdings.redeem(3, 12_000)
  expect(position.lots).toEqual([{ day: 20, units: 2_950 }])
  expect(() => holdings.redeem(3, 2_951)).toThrow('more units redeemed than held')
})

test('fear: a deeper fall never makes a redemption less likely, a fee never more likely', () =>
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      fc.integer({ min: 0, max: 200 }),
      (drawdown, more, fee) => {
        const person = { needsMoney: 0.01, tolerance: 0.08 }
        const hazard = weeklyHazard(person, drawdown, fee, false)
        expect(weeklyHazard(person, drawdown + more, fee, false)).toBeGreaterThanOrEqual(hazard)
        expect(weeklyHazard(person, drawdown, fee + 50, false)).toBeLessThanOrEqual(hazard)
        expect(hazard).toBeLessThan(0.5)
      },
    ),
  ))
test('a fall within the tolerance changes nothing', () => {
  const person = { needsMoney: 0.01, tolerance: 0.08 }
  expect(weeklyHazard(person, 0.079, 0, false)).toBe(weeklyHazard(person, 0, 0, false))
})

test('statuses: a day each, ascending, and nothing follows the end', () => {
  for (let i = 0; i < 2_000; i++) {
    const changes = statusChanges(randomFor(1, `life:${i}`), 1_000, 1_729)
    const days = changes.map(({ day }) => day)
    expect(days).toEqual([...new Set(days)].sort((a, b) => a - b))
    expect(changes.slice(0, -1).every(({ status }) => status !== 'terminated')).toBe(true)
    expect(['open', 'subscribing']).toContain(changes[0]?.status)
    expect(days.at(-1)).toBeLessThanOrEqual(1_729)
  }
})

test('120 companies have names of their own, in both languages', () => {
  const names = Array.from({ length: 240 }, (_, i) => companyName(i))
  expect(new Set(names.map((name) => name['zh-CN'])).size).toBe(240)
  expect(new Set(names.map(({ en }) => en)).size).toBe(240)
})
test('loadings leave each product something of its own', () => {
  for (const { loadings } of kindSpecs) expect(dot(...pairOf(loadings))).toBeLessThan(1)
})
const pairOf = (loadings: (typeof kindSpecs)[number]['loadings']): [Float64Array, Float64Array] => {
  const list = Float64Array.from(Object.values(loadings))
  return [list, list]
}

test('draws have the means that they should have', () => {
  const random = randomFor(2, 'draws')
  const mean = (draw: () => number): number => Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b, 0) / 20_000
  expect(mean(() => normal(random))).toBeCloseTo(0, 1)
  expect(mean(() => normal(random) * normal(random))).toBeCloseTo(0, 1)
  expect(mean(() => poisson(random, 1.5))).toBeCloseTo(1.5, 1)
  expect(mean(() => weighted(random, [1, 0, 3]))).toBeCloseTo(1.5, 1)
  const waits = mean(() => nextVisitOf({ random, visitsPerDay: 0.1 }, 20_000) - 20_000)
  expect(waits).toBeGreaterThan(9.5)
  expect(waits).toBeLessThan(11.5)
})
