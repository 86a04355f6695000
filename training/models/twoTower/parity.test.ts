import { investorForward, type InvestorTower } from '../../../engine/model/twoTower.js'
import { type Weighted } from '../../../engine/model/foldIn.js'
import { seeded } from '../../../tests/randomMarket.js'
import { TwoTowerConfig } from '../config.js'
import { openTensorFlow } from '../../tensorflow/backend.js'
import { bagEntries } from './batches.js'
import { bagsOf, investorVectors, productVectors, type Weights } from './network.js'
import { weightNames, weightShapes } from './shapes.js'

const random = seeded(17)
const normals = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, () => scale * (random() + random() + random() + random() - 2))

const config = TwoTowerConfig.parse({ kind: 'two-tower' })
const sizes = { products: 300, companies: 12, kinds: 22, factWidth: 40, investorWidth: 32 }
const shapes = weightShapes(sizes, config)
const values = Object.fromEntries(
  weightNames.map((name) => [
    name,
    normals(
      shapes[name].shape.reduce((product, size) => product * size, 1),
      0.4,
    ),
  ]),
) as Record<(typeof weightNames)[number], Float32Array>
const bag = normals(sizes.products * config.embedding, 0.5)

const tower: InvestorTower = {
  inputs: sizes.investorWidth,
  embedding: config.embedding,
  hidden: config.hidden,
  dimension: config.dimension,
  bag,
  profile: values.profile,
  history: values.history,
  hiddenBias: values.hiddenBias,
  out: values.out,
  skip: values.skip,
  outBias: values.outBias,
}

const pastOf = (length: number): Weighted[] =>
  Array.from({ length }, (_, place) => ({ row: place * 5, weight: 0.05 + random() }))

/** Investors without a past, with one product, and with many. */
const investors = Array.from({ length: 200 }, (_, at) => ({
  input: normals(sizes.investorWidth, 1),
  past: pastOf(at % 4 === 0 ? 0 : at % 60),
}))

test('the plain forward pass is TensorFlow’s to 1e-5', async () => {
  const { tf } = await openTensorFlow()
  const starts = [0]
  for (const { past } of investors) starts.push((starts.at(-1) ?? 0) + past.length)
  const entries = bagEntries(
    {
      bagStarts: Int32Array.from(starts),
      bagRows: Int32Array.from(investors.flatMap(({ past }) => past.map(({ row }) => row))),
      bagWeights: Float32Array.from(investors.flatMap(({ past }) => past.map(({ weight }) => weight))),
    },
    Int32Array.from(investors.keys()),
  )
  const expected = tf.tidy(() => {
    const weights = Object.fromEntries(
      weightNames.map((name) => [name, tf.tensor(values[name], [...shapes[name].shape])]),
    ) as unknown as Weights
    const bags = bagsOf(
      tf,
      tf.tensor2d(bag, [sizes.products, config.embedding]),
      {
        rows: tf.tensor1d(entries.rows, 'int32'),
        places: tf.tensor1d(entries.places, 'int32'),
        shares: tf.tensor2d(entries.shares, [entries.shares.length, 1]),
      },
      investors.length,
    )
    const inputs = Float32Array.from(investors.flatMap(({ input }) => [...input]))
    return investorVectors(tf, weights, tf.tensor2d(inputs, [investors.length, sizes.investorWidth]), bags).dataSync()
  })
  let furthest = 0
  investors.forEach(({ input, past }, at) => {
    const vector = investorForward(tower, input, past)
    expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
    vector.forEach((value, i) => {
      furthest = Math.max(furthest, Math.abs(value - expected[at * config.dimension + i]!))
    })
  })
  expect(furthest).toBeLessThan(1e-5)
})

test('product vectors have length 1', async () => {
  const { tf } = await openTensorFlow()
  const vectors = tf.tidy(() => {
    const weights = Object.fromEntries(
      weightNames.map((name) => [name, tf.tensor(values[name], [...shapes[name].shape])]),
    ) as unknown as Weights
    return Float32Array.from(
      productVectors(tf, weights, tf.tensor2d(bag, [sizes.products, config.embedding])).dataSync(),
    )
  })
  for (let row = 0; row < sizes.products; row++) {
    const vector = vectors.slice(row * config.dimension, (row + 1) * config.dimension)
    expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
  }
})
