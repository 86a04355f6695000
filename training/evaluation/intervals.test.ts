import fc from 'fast-check'
import { counted } from '../../tests/full.js'
import { gini } from '../metrics/gini.js'
import { randomFor } from '../random.js'
import { bootstrapMeans, lessColumn, quantile } from './bootstrap.js'
import { jackknife } from './jackknife.js'

const options = { seed: 1, label: 'test', resamples: 400 }
/** A skewed distribution of mean 1/3: the square of a uniform number. */
const sample = (seed: number, n: number): Float64Array => {
  const { uniform } = randomFor(seed, 'sample')
  return Float64Array.from({ length: n }, () => uniform() ** 2)
}

test('of many samples, about 95 % have the true mean within their interval', () => {
  const samples = counted(1500)
  let covered = 0
  for (let seed = 0; seed < samples; seed++) {
    const [interval] = bootstrapMeans([sample(seed, 50)], { ...options, seed, resamples: 250 })
    if (interval && interval.low <= 1 / 3 && 1 / 3 <= interval.high) covered++
  }
  expect(covered / samples).toBeGreaterThan(0.9)
  expect(covered / samples).toBeLessThan(0.99)
})

test('the interval is that of the mean: near ± 1.96 standard errors', () => {
  const column = sample(3, 500)
  const [interval] = bootstrapMeans([column], options)
  const mean = column.reduce((sum, value) => sum + value, 0) / 500
  const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 500)
  expect(interval?.value).toBeCloseTo(mean, 12)
  expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / ((2 * 1.96 * deviation) / Math.sqrt(500))).toBeCloseTo(1, 0)
})

test('columns are paired: a constant difference has an interval of no width', () => {
  const first = sample(5, 50)
  const second = first.map((value) => value + 0.25)
  const [own, difference] = bootstrapMeans([first, lessColumn(second, first)], options)
  expect((own?.high ?? 0) - (own?.low ?? 0)).toBeGreaterThan(0.05)
  for (const end of [difference?.low, difference?.value, difference?.high]) expect(end).toBeCloseTo(0.25, 12)
})

test('who has no value does not count, in the mean or in the difference', () => {
  const column = Float64Array.of(1, Number.NaN, 3)
  const other = Float64Array.of(Number.NaN, 1, 1)
  const [own, difference, none] = bootstrapMeans(
    [column, lessColumn(column, other), new Float64Array(3).fill(Number.NaN)],
    options,
  )
  expect(own).toEqual({ value: 2, low: 1, high: 3, n: 2 })
  expect(difference).toEqual({ value: 2, low: 2, high: 2, n: 1 })
  expect(none).toBeNull()
})

test('a seed and a label are a stream of their own', () => {
  const column = sample(7, 30)
  expect(bootstrapMeans([column], options)).toEqual(bootstrapMeans([column], options))
  expect(bootstrapMeans([column], { ...options, label: 'other' })).not.toEqual(bootstrapMeans([column], options))
})

test.each([
  [0, 1],
  [0.5, 2.5],
  [1, 4],
  [0.25, 1.75],
])('quantile %p of 1 to 4 is %p', (share, want) =>
  expect(quantile(Float64Array.of(1, 2, 3, 4), share)).toBeCloseTo(want, 12),
)

test('the jackknife of a mean is its standard error', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 40 }), (values) => {
      const n = values.length
      const sum = values.reduce((total, value) => total + value, 0)
      const variance = values.reduce((total, value) => total + (value - sum / n) ** 2, 0) / (n - 1) / n
      const interval = jackknife(sum / n, n, (at) => (sum - (values[at] ?? 0)) / (n - 1))
      expect((interval?.high ?? 0) - sum / n).toBeCloseTo(1.959964 * Math.sqrt(variance), 8)
    }),
  )
})

test('the jackknife of a Gini covers the true one mostly, and a single investor has no spread', () => {
  // The truth is that of one very large sample.
  const truth = gini(sample(99, 20_000)) ?? 0
  const samples = counted(1000)
  let covered = 0
  for (let seed = 0; seed < samples; seed++) {
    const values = sample(seed, 60)
    const interval = jackknife(gini(values) ?? 0, 60, (at) => gini(values.filter((_, place) => place !== at)))
    if (interval && interval.low <= truth && truth <= interval.high) covered++
  }
  expect(covered / samples).toBeGreaterThan(0.85)
  expect(jackknife(0.5, 1, () => null)).toEqual({ value: 0.5, low: 0.5, high: 0.5, n: 1 })
  expect(jackknife(Number.NaN, 3, () => 1)).toBeNull()
})
