import fc from 'fast-check'
import { dayNumber } from '../schema/time.js'
import { type NavSeries, volatilityAt } from './navFacts.js'
import { type NavRevisions, type NavWindow, navWindowsAt, navWindowsKnown } from './navWindows.js'

const start = dayNumber('2022-01-03')
const daily = (navs: readonly number[], step = 1): NavSeries => ({ days: navs.map((_, i) => start + i * step), navs })
const windowOf = (series: NavSeries, months: number, jumps = new Set<number>()): NavWindow | undefined =>
  navWindowsAt(series, series.days.length - 1, jumps).windows.find((one) => one.months === months)
const swinging = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : 1.01))

test('a month is a calendar month, and begins at the NAV that stands on its first day', () => {
  // 2022-01-28 (a Friday), and daily from 2022-02-28 to 2022-03-31: less a month is the 28th of February.
  const days = [dayNumber('2022-01-28'), ...Array.from({ length: 32 }, (_, i) => dayNumber('2022-02-28') + i)]
  const navs = [1, 2, ...Array.from({ length: 30 }, () => 2.5), 3]
  expect(windowOf({ days, navs }, 1)).toMatchObject({ totalReturn: 0.5, maxDrawdown: 0, returns: 31 })
})

test.each([
  [35, 1],
  [36, null],
])('a NAV stands for the first day of a window up to %i days after its own', (gap, totalReturn) => {
  const begins = dayNumber('2022-04-30')
  expect(windowOf({ days: [begins - gap, begins + 30], navs: [1, 2] }, 1)).toMatchObject({
    totalReturn,
    maxDrawdown: totalReturn === null ? null : 0,
    volatility: null,
  })
})

test('return, drawdown and volatility pass over a split and a distribution', () => {
  const navs = [...swinging(60), 1.1, 0.55, 0.44, 0.5, 0.48, 0.5]
  const jumps = new Set([61, 64])
  // From 9 February, index 37, to 9 March. .44 of .55 is a fall by a fifth; what came before the split counts double. The last .48 is a distribution.
  const window = windowOf(daily(navs), 1, jumps)
  expect(window?.maxDrawdown).toBeCloseTo(0.2, 12)
  expect(window?.totalReturn).toBeCloseTo((1.1 * (0.5 / 0.55) * (0.5 / 0.48)) / (navs[37] ?? 0) - 1, 12)
  expect(window?.returns).toBe(28 - 2)
})

test('the volatility of 36 covered months is that of the facts, not rounded', () => {
  const series = daily(swinging(1_200))
  const { volatilityBps, observations } = volatilityAt(series, 1_199) ?? { volatilityBps: -1, observations: 0 }
  const window = windowOf(series, 36)
  expect(Math.round((window?.volatility ?? 0) * 10_000)).toBe(volatilityBps)
  expect(window?.returns).toBe(observations)
})

test.each([
  // Days between NAVs, months, NAVs in the window, a volatility or none.
  [1, 1, 31, true],
  [3, 1, 11, false],
  [3, 3, 31, false],
  [2, 3, 46, true],
  [7, 1, 5, false],
  [7, 3, 13, true],
  [30, 12, 12, true],
  [30, 6, 6, false],
])(
  'NAVs every %i days over %i months: a volatility needs 12 returns and half of what may be',
  (step, months, n, any) => {
    const window = windowOf(daily(swinging(200), step), months)
    expect(window?.returns).toBeGreaterThanOrEqual(n - 1)
    expect(window?.volatility !== null).toBe(any)
  },
)

const revisions = (rows: readonly (readonly [day: number, nav: number, knownAt: number])[]): NavRevisions => ({
  days: rows.map(([day]) => start + day),
  navs: rows.map(([, nav]) => nav),
  isReturn: rows.map(() => 1),
  knownAt: rows.map(([, , knownAt]) => knownAt),
})

test('a correction counts from when it was known, and not before', () => {
  const told = revisions([
    [0, 1, 10],
    [40, 1.1, 50],
    [40, 1.2, 90],
  ])
  const over = (asOf: number) => navWindowsKnown(told, asOf)?.windows[0]?.totalReturn
  expect(navWindowsKnown(told, 10)).toBeNull()
  expect(over(50)).toBeNull()
  expect(over(51)).toBeCloseTo(0.1, 12)
  expect(over(90)).toBeCloseTo(0.1, 12)
  expect(over(91)).toBeCloseTo(0.2, 12)
})

test('no fact known from an instant on, a correction or a new NAV, changes what was known before it', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.double({ min: 0.5, max: 2, noNaN: true }), fc.nat(20))
  const ordered = (rows: readonly [number, number, number][]) =>
    revisions([...rows].sort((a, b) => a[0] - b[0] || a[2] - b[2]))
  fc.assert(
    fc.property(fc.array(row), fc.array(row), (known, later) => {
      const after = later.map(([day, nav, knownAt]): [number, number, number] => [day, nav, knownAt + 21])
      expect(navWindowsKnown(ordered([...known, ...after]), 21)).toEqual(navWindowsKnown(ordered(known), 21))
    }),
  )
})
