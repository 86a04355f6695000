import type { Scalar, Tensor, TensorContainer } from '@tensorflow/tfjs'
import { openTensorFlow, type TensorFlow } from '../../tensorflow/backend.js'
import { type LossName, lossOf, scoreScale } from './losses.js'

let tf: TensorFlow
beforeAll(async () => {
  tf = (await openTensorFlow()).tf
})

// Two investors, four columns; the first has column 3 in his bag, the right columns are 1 and 2.
const scores = [0.9, 0.2, -0.5, 0.8, 0.1, 0.7, 0.4, 0.6]
const offset = [0, 1.5, Math.log(3), -1e9, 0.5, 0, 2, 0.25]
const right = [1, 2]
const hits = [1, 4 + 2]
const options = { margin: 0.15, negativeWeight: 4 }

const row = (values: readonly number[], at: number): number[] => values.slice(4 * at, 4 * at + 4)
const mean = (of: (s: number[], o: number[], right: number) => number): number =>
  (of(row(scores, 0), row(offset, 0), right[0]!) + of(row(scores, 1), row(offset, 1), right[1]!)) / 2

/** Σⱼ pⱼ costⱼ over all columns but the right one. */
function weighed(offsets: readonly number[], right: number, cost: (column: number) => number): number {
  const weights = offsets.map((value, column) => (column === right ? 0 : Math.exp(value)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.reduce((sum, weight, column) => sum + (weight / total) * cost(column), 0)
}

const byHand: Readonly<Record<LossName, number>> = {
  'sampled-softmax': mean((s, o, at) => {
    const total = s.reduce((sum, value, column) => sum + Math.exp(value + o[column]!), 0)
    return -Math.log(Math.exp(s[at]! + o[at]!) / total)
  }),
  bpr: mean((s, o, at) => weighed(o, at, (column) => Math.log(1 + Math.exp(s[column]! - s[at]!)))),
  ccl: mean((s, o, at) => 1 - s[at]! + 4 * weighed(o, at, (column) => Math.max(0, s[column]! - 0.15))),
}

/** A function of the scores alone; its other tensors live outside, for gradients of a tape that made them find them gone. */
const within = <T extends TensorContainer>(loss: LossName, use: (of: (given: Tensor) => Scalar) => T): T => {
  const [offsets, places] = [tf.tensor2d(offset, [2, 4]), tf.tensor1d(hits, 'int32')]
  return tf.tidy(() =>
    use((given) => lossOf(tf, given as Parameters<typeof lossOf>[1], offsets, places, { ...options, loss })),
  )
}
const matrix = (values: readonly number[]): Tensor => tf.tensor2d([...values], [2, 4])
const valueOf = (loss: LossName, of: readonly number[]): number =>
  within(loss, (lossFrom) => lossFrom(matrix(of)).dataSync()[0]!)

describe.each(Object.entries(byHand) as [LossName, number][])('%s', (loss, expected) => {
  test('is the formula', () => expect(valueOf(loss, scores)).toBeCloseTo(expected, 5))

  test('its gradient is the slope of its values', () => {
    const gradient = within(loss, (lossFrom) => tf.grad(lossFrom)(matrix(scores)).dataSync())
    const step = 1e-2
    const shifted = (at: number, by: number): number[] => scores.map((value, i) => (i === at ? value + by : value))
    scores.forEach((_, at) => {
      const slope = (valueOf(loss, shifted(at, step)) - valueOf(loss, shifted(at, -step))) / (2 * step)
      expect(gradient[at]).toBeCloseTo(slope, 3)
    })
  })

  test('a column of the bag is nothing to it', () => {
    const other = scores.map((value, at) => (at === 3 ? -1 : value))
    expect(valueOf(loss, other)).toBeCloseTo(expected, 5)
  })
})

test.each([
  ['ccl', 1],
  ['bpr', 4],
  ['sampled-softmax', 4],
] as const)('%s multiplies cosines by %p', (loss, expected) =>
  expect(scoreScale({ loss, temperature: 0.25 })).toBe(expected),
)
