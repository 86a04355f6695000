import fc from 'fast-check'
import { driftOf, floorShare, psi, psiByChance } from './psi.js'

test.each([
  // By hand: 0.1 ln 1.2 − 0.1 ln 0.8 = 0.0182322 + 0.0223144.
  [[0.5, 0.5], [0.6, 0.4], 0.0405465],
  // By hand: 0.25 ln 2 − 0.25 ln 0.5 = 0.5 ln 2.
  [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25], 0.3465736],
  // By hand: an emptied bin counts as 0.0001: −0.4999 ln 0.0002 + 0.5 ln 2.
  [[0.5, 0.5], [0, 1], 0.4999 * Math.log(5000) + 0.5 * Math.log(2)],
  [[0.1, 0.2, 0.7], [0.1, 0.2, 0.7], 0],
])('PSI of %j and %j', (expected, actual, value) => {
  expect(psi(expected, actual)).toBeCloseTo(value, 7)
})

const shares = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 13, maxLength: 13 })
  .filter((counts) => counts.some((count) => count > 0))
  .map((counts) => counts.map((count) => count / counts.reduce((sum, each) => sum + each, 0)))

test('PSI is symmetric, never negative, and 0 of what is the same', () => {
  fc.assert(
    fc.property(shares, shares, (a, b) => {
      expect(psi(a, b)).toBeCloseTo(psi(b, a), 12)
      expect(psi(a, b)).toBeGreaterThanOrEqual(0)
      expect(psi(a, a)).toBe(0)
    }),
  )
})

test('other bins are refused', () => expect(() => psi([1], [0.5, 0.5])).toThrow('1 bins expected and 2 actual'))

test('a floor keeps it finite', () => expect(psi([1, 0], [0, 1])).toBeCloseTo(2 * (1 - floorShare) * Math.log(1e4), 9))

test('what chance alone gives: ten bins, two samples of 1000', () => {
  expect(psiByChance(10, 1000, 1000)).toBeCloseTo(0.018, 12)
  expect(psiByChance(10, 0, 1000)).toBe(Infinity)
})

test.each([
  [0.0999, 0.01, 200, 'little'],
  [0.1, 0.01, 200, 'some'],
  [0.25, 0.01, 200, 'much'],
  [3, 0.0501, 1000, 'unknown'],
  [3, 0, 199, 'unknown'],
  [null, 0, 1000, 'unknown'],
] as const)('PSI %p with %p by chance of %p values is %s', (value, byChance, fewest, drift) =>
  expect(driftOf(value, byChance, fewest)).toBe(drift),
)
