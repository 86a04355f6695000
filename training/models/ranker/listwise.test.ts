import fc from 'fast-check'
import { randomFor } from '../../random.js'
import { fitListwise, type Lists, lossAt } from './listwise.js'

/** Lists of five candidates, of which the ones bought are drawn with chances by `weights` · x. */
function drawn(lists: number, weights: readonly number[], seed: number): Lists {
  const { normal, uniform } = randomFor(seed, 'lists')
  const features = weights.length
  const values = Float32Array.from({ length: lists * 5 * features }, normal)
  const labels = new Uint8Array(lists * 5)
  for (let list = 0; list < lists; list++) {
    const chances = Array.from({ length: 5 }, (_, c) =>
      Math.exp(weights.reduce((sum, weight, k) => sum + weight * (values[(list * 5 + c) * features + k] ?? 0), 0)),
    )
    let left = uniform() * chances.reduce((a, b) => a + b, 0)
    const taken = chances.findIndex((chance) => (left -= chance) < 0)
    labels[list * 5 + Math.max(0, taken)] = 1
    if (uniform() < 0.2) labels[list * 5] = 1
  }
  return { features, values, starts: Int32Array.from({ length: lists + 1 }, (_, list) => list * 5), labels }
}

test('gradient and Hessian are those of finite differences', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const lists = drawn(20, [1, -1, 0], seed)
      const v = Float64Array.of(0.3, -0.2, 0.5)
      const { gradient, hessian } = lossAt(lists, v, 0.1)
      const step = 1e-5
      for (let i = 0; i < 3; i++) {
        const moved = (by: number) =>
          lossAt(
            lists,
            v.map((value, k) => (k === i ? value + by : value)),
            0.1,
          )
        const [up, down] = [moved(step), moved(-step)]
        expect((up.loss - down.loss) / (2 * step)).toBeCloseTo(gradient[i] ?? NaN, 6)
        for (let j = 0; j <= i; j++)
          expect(((up.gradient[j] ?? NaN) - (down.gradient[j] ?? NaN)) / (2 * step)).toBeCloseTo(
            hessian[i * 3 + j] ?? NaN,
            6,
          )
      }
    }),
    { numRuns: 10 },
  )
})

test('planted weights are found again, whatever the scale of a feature', () => {
  const lists = drawn(4000, [1, -0.5, 0], 7)
  const scaled = { ...lists, values: lists.values.map((value, at) => (at % 3 === 1 ? 100 * value + 5 : value)) }
  const [first = NaN, second = NaN, none = NaN] = fitListwise(scaled, 1e-6)
  expect(Math.abs(first - 0.9)).toBeLessThan(0.15)
  expect(Math.abs(100 * second + 0.45)).toBeLessThan(0.1)
  expect(Math.abs(none)).toBeLessThan(0.1)
})

test('at the minimum the gradient is nothing; without lists all weights are 0', () => {
  const lists = drawn(300, [2, 1], 3)
  const weights = fitListwise(lists, 1e-9)
  expect(Math.max(...lossAt(lists, weights, 0).gradient.map(Math.abs))).toBeLessThan(1e-4)
  expect([...fitListwise({ ...lists, starts: Int32Array.of(0) }, 1)]).toEqual([0, 0])
})
