import fc from 'fast-check'
import { exp, log, normalQuantile, sigmoid } from './math.js'

const relative = (got: number, want: number): number => Math.abs(got - want) / Math.max(Math.abs(want), 1e-300)

test('exp agrees with Math.exp to 1e-12', () =>
  fc.assert(fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => relative(exp(x), Math.exp(x)) < 1e-12)))
test('log agrees with Math.log to 1e-12', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      const want = Math.log(x)
      expect(Math.abs(log(x) - want)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want)))
    }),
  )
  for (const x of [0.5, 0.99, 1, 1.01, Math.SQRT1_2, Math.SQRT2, 2, 3, 1e-310, Number.MAX_VALUE])
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThan(1e-12 * Math.max(1, Math.abs(Math.log(x))))
})
test('log undoes exp', () =>
  fc.assert(
    fc.property(fc.double({ min: -600, max: 600, noNaN: true }), (x) => Math.abs(log(exp(x)) - x) < 1e-12 * 600),
  ))
test('sigmoid agrees to 1e-12', () =>
  fc.assert(
    fc.property(
      fc.double({ min: -30, max: 700, noNaN: true }),
      (x) => Math.abs(sigmoid(x) - 1 / (1 + Math.exp(-x))) < 1e-12,
    ),
  ))
test.each([
  [exp(0), 1],
  [exp(-746), 0],
  [exp(710), Infinity],
  [log(1), 0],
  [log(0), -Infinity],
  [log(Infinity), Infinity],
  [log(-1), NaN],
  [exp(NaN), NaN],
  [sigmoid(0), 0.5],
])('edges %#: %d is %d', (got, want) => expect(got).toBe(want))

/** Published quantiles, 15 digits. */
test.each([
  [0.5, 0],
  [0.75, 0.674489750196082],
  [0.975, 1.95996398454005],
  [0.999, 3.09023230616781],
  [1e-9, -5.99780701500769],
  [1e-20, -9.26234008979841],
])('quantile of %d', (p, want) => expect(normalQuantile(p)).toBeCloseTo(want, 12))
test('the quantile is odd about one half, and ascends', () =>
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.499, noNaN: true }), (p) => {
      expect(Math.abs(normalQuantile(p) + normalQuantile(1 - p))).toBeLessThan(1e-9)
      expect(normalQuantile(p)).toBeLessThan(normalQuantile(p + 1e-4))
    }),
  ))
