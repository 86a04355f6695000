import fc from 'fast-check'
import { dayNumber } from '../schema/time.js'
import { indexAt, type NavSeries, navFactsAt, volatilityAt } from './navFacts.js'

const start = dayNumber('2023-01-02')
const daily = (navs: readonly number[]): NavSeries => ({ days: navs.map((_, i) => start + i), navs })
const alternating = (n: number, step: number) =>
  daily(Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : 1 + step)))

test.each([
  [start - 1, -1],
  [start, 0],
  [start + 1, 1],
  [start + 99, 2],
])('the NAV that stands on day %i has index %i', (day, index) => {
  expect(indexAt(daily([1, 2, 3]), day)).toBe(index)
})

test('fewer than 120 daily returns give no volatility', () => {
  expect(volatilityAt(alternating(120, 0.01), 119)).toBeNull()
  expect(volatilityAt(alternating(121, 0.01), 120)?.observations).toBe(120)
})

test('a series that swings by 1 % a day has about 15.9 % a year', () => {
  const { volatilityBps } = volatilityAt(alternating(501, 0.01), 500) ?? { volatilityBps: 0 }
  expect(volatilityBps).toBeGreaterThan(1_550)
  expect(volatilityBps).toBeLessThan(1_620)
})

test('a weekly series is annualised by 52', () => {
  const series = { days: Array.from({ length: 53 }, (_, i) => start + 7 * i), navs: alternating(53, 0.02).navs }
  const { volatilityBps, observations } = volatilityAt(series, 52) ?? { volatilityBps: 0, observations: 0 }
  expect(observations).toBe(52)
  expect(volatilityBps).toBeGreaterThan(1_400)
  expect(volatilityBps).toBeLessThan(1_500)
})

test('returns, drawdown and a jump that is no return', () => {
  const navs = [...Array.from({ length: 40 }, () => 2), 2.2, 1.1, 0.99]
  const series = daily(navs)
  const facts = navFactsAt(series, 42, new Set([41]))
  expect(facts.navDate).toBe('2023-02-13')
  expect(facts.navMicros).toBe(990_000)
  expect(facts.return1mBps).toBe(-100)
  expect(facts.return3mBps).toBeNull()
  expect(facts.maxDrawdownBps).toBe(1_000)
  expect(navFactsAt(series, 42).maxDrawdownBps).toBe(5_500)
})

test('a fall that rounds to nothing is 0, not −0', () =>
  expect(Object.is(navFactsAt(daily([...Array.from({ length: 40 }, () => 2), 1.999_99]), 40).return1mBps, 0)).toBe(
    true,
  ))

test('facts at an index do not change when NAVs are added after it', () => {
  const nav = fc.double({ min: 0.1, max: 10, noNaN: true })
  fc.assert(
    fc.property(fc.array(nav, { minLength: 2, maxLength: 60 }), fc.array(nav, { maxLength: 20 }), (known, later) => {
      const last = known.length - 1
      expect(navFactsAt(daily([...known, ...later]), last)).toEqual(navFactsAt(daily(known), last))
    }),
  )
})
