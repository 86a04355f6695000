import fc from 'fast-check'
import { kaplanMeier, type Lifetime } from './kaplanMeier.js'
import { restrictedMean, restrictedMeanDifference } from './restrictedMean.js'

/** `6+` was censored at 6. */
const lifetimesOf = (text: string): Lifetime[] =>
  text.split(' ').map((each) => ({ time: Number.parseInt(each), ended: !each.endsWith('+') }))

// Weeks in remission of children with leukaemia: Freireich et al. 1963, Blood 21(6), as in Gehan 1965, Biometrika 52.
const treated = lifetimesOf('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+')
const placebo = lifetimesOf('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23')

test('Kaplan–Meier of the 6-MP group as in Klein and Moeschberger 2003, table 4.1A', () => {
  expect(kaplanMeier(treated).map((step) => [step.time, step.ended, step.atRisk, step.survival.toFixed(3)])).toEqual([
    [6, 3, 21, '0.857'],
    [7, 1, 17, '0.807'],
    [10, 1, 15, '0.753'],
    [13, 1, 12, '0.690'],
    [16, 1, 11, '0.627'],
    [22, 1, 7, '0.538'],
    [23, 1, 6, '0.448'],
  ])
})

test('its mean restricted to 35 weeks and standard error as published there: 23.29 and 2.83', () => {
  const mean = restrictedMean(treated, 35)
  expect(mean?.mean).toBeCloseTo(23.29, 2)
  expect(Math.sqrt(mean?.variance ?? 0)).toBeCloseTo(2.83, 2)
})

test('without censoring it is the mean, and its variance that of the times over n', () => {
  const times = placebo.map(({ time }) => time)
  const mean = times.reduce((sum, time) => sum + time, 0) / 21
  const spread = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / 21
  expect(restrictedMean(placebo, 35)?.mean).toBeCloseTo(mean, 12)
  expect(restrictedMean(placebo, 35)?.variance).toBeCloseTo(spread / 21, 12)
  expect(restrictedMean(placebo, 10)?.mean).toBeCloseTo(
    times.reduce((sum, time) => sum + Math.min(time, 10), 0) / 21,
    12,
  )
})

test('the difference of two groups', () => {
  const [a, b] = [restrictedMean(treated, 35), restrictedMean(placebo, 35)]
  const difference = restrictedMeanDifference(treated, placebo, 35)
  expect(difference?.mean).toBeCloseTo(23.2872 - 8.6667, 3)
  expect(difference?.variance).toBeCloseTo((a?.variance ?? 0) + (b?.variance ?? 0), 12)
})

test.each([
  ['all are censored: the horizon', '5+ 9+', 20, 20, 0],
  ['one ended at once', '0', 20, 0, 0],
  ['an end at the horizon does not shorten', '20 30', 20, 20, 0],
])('restricted mean where %s', (_, text, horizon, mean, variance) => {
  expect(restrictedMean(lifetimesOf(text), horizon)).toEqual({ mean, variance })
})

test('nothing to estimate from has no value; a negative time is a mistake', () => {
  expect(restrictedMean([], 10)).toBeNull()
  expect(restrictedMeanDifference(treated, [], 10)).toBeNull()
  expect(kaplanMeier([])).toEqual([])
  expect(() => kaplanMeier([{ time: -1, ended: true }])).toThrow('negative')
  expect(() => kaplanMeier([{ time: Number.NaN, ended: true }])).toThrow('no number')
})

const lifetime = fc.record({ time: fc.nat(30), ended: fc.boolean() })
test('survival falls from 1 and stays above 0; the order does not matter; censoring later never shortens', () => {
  fc.assert(
    fc.property(
      fc.array(lifetime, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (all, horizon) => {
        const curve = kaplanMeier(all).map(({ survival }) => survival)
        ;[1, ...curve].forEach((survival, at) => expect(survival).toBeGreaterThanOrEqual(curve[at] ?? 0))
        expect(kaplanMeier([...all].reverse())).toEqual(kaplanMeier(all))
        const mean = restrictedMean(all, horizon)?.mean ?? 0
        expect(mean).toBeLessThanOrEqual(horizon)
        const later = all.map((one) => (one.ended ? one : { ...one, time: one.time + 10 }))
        expect(restrictedMean(later, horizon)?.mean).toBeGreaterThanOrEqual(mean - 1e-9)
      },
    ),
  )
})
