import fc from 'fast-check'
import { catalogueCoverage } from './coverage.js'
import { gini, topShare } from './gini.js'

// Worked: {1 … 5} and one of n alone, as in any textbook; .3 by the mean absolute difference 1.2 over twice the mean 2.
test.each([
  ['all alike', [3, 3, 3], 0, 1 / 3],
  ['one of five alone', [0, 7, 0, 0, 0], 0.8, 1],
  ['one to five', [5, 3, 1, 2, 4], 4 / 15, 1 / 3],
  ['one alone', [4], 0, 1],
])('Gini and top share: %s', (_, exposures, want, top) => {
  expect(gini(exposures)).toBeCloseTo(want, 12)
  expect(topShare(exposures)).toBeCloseTo(top, 12)
})

test('nothing shown has no value; a negative exposure is a mistake', () => {
  for (const none of [[], [0, 0]]) expect([gini(none), topShare(none)]).toEqual([null, null])
  expect(() => gini([2, -1])).toThrow('negative')
})

test('Gini is half the relative mean absolute difference, within 0 and 1 − 1/n, whatever the names', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }), (exposures) => {
      const n = exposures.length
      const sum = exposures.reduce((total, value) => total + value, 0)
      fc.pre(sum > 0)
      const differences = exposures.flatMap((a) => exposures.map((b) => Math.abs(a - b)))
      const independent = differences.reduce((total, value) => total + value, 0) / (2 * n * sum)
      const value = gini(exposures) ?? Number.NaN
      expect(value).toBeCloseTo(independent, 10)
      expect(value).toBeGreaterThanOrEqual(-1e-12)
      expect(value).toBeLessThanOrEqual(1 - 1 / n + 1e-12)
      expect(gini([...exposures].reverse())).toBe(value)
    }),
  )
})

test('coverage counts what was shown at all', () => {
  expect(catalogueCoverage([3, 0, 1], 8)).toBe(0.25)
  expect(catalogueCoverage([], 8)).toBe(0)
  expect(() => catalogueCoverage([], 0)).toThrow('empty')
})
