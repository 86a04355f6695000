import { Matrix } from 'ml-matrix'
import { seeded } from '../../tests/randomMarket.js'
import { type Artifact, encodeArtifact } from './artifact.js'
import { itemFactorsVector } from './itemFactors.js'
import { dot } from './kernel.js'
import { loadModel } from './model.js'

const random = seeded(5)
const [n, d] = [9, 6]
const drawn = (): Float32Array => Float32Array.from({ length: n * d }, () => random() - 0.5)
const [history, products] = [drawn(), drawn()]
const ids = Array.from({ length: n }, (_, row) => `p${row}`)

const artifact: Artifact = {
  metadata: { format: 'aptus-model/1', kind: 'item-factors', productIds: JSON.stringify(ids), viewWeight: '0.5' },
  tensors: {
    history: { shape: [n, d], data: history },
    products: { shape: [n, d], data: products },
    popularity: { shape: [n], data: new Float32Array(n) },
  },
}

test('a score is the past times history · productsᵀ', () => {
  const past = [
    { row: 1, weight: 1 },
    { row: 4, weight: 0.25 },
  ]
  const b = Matrix.from1DArray(n, d, [...history]).mmul(Matrix.from1DArray(n, d, [...products]).transpose())
  const vector = itemFactorsVector({ history, dimension: d, bias: null }, past)
  for (let item = 0; item < n; item++)
    expect(dot(vector, 0, products, item * d, d)).toBeCloseTo(b.get(1, item) + 0.25 * b.get(4, item), 6)
})

const investor = (purchased: readonly string[], viewed: readonly string[]) =>
  ({
    behaviour: {
      purchased: purchased.map((productId) => ({ productId })),
      viewed: viewed.map((productId) => ({ productId })),
    },
  }) as unknown as Parameters<ReturnType<typeof loadModel>['embed']>[0]

test('serving sums what he bought, and what he viewed at its weight; products it does not know are left out', () => {
  const model = loadModel(encodeArtifact(artifact))
  const expected = itemFactorsVector({ history, dimension: d, bias: null }, [
    { row: 2, weight: 0.5 },
    { row: 7, weight: 1 },
  ])
  expect([...model.embed(investor(['p7', 'other'], ['p2', 'p7']), 1)!]).toEqual([...expected])
  expect(model.embed(investor(['other'], []), 1)).toBeNull()
})

test('another shape, or a value that is no number, is refused', () => {
  const broken = (tensor: { shape: number[]; data: Float32Array }): Uint8Array =>
    encodeArtifact({ ...artifact, tensors: { ...artifact.tensors, history: tensor } })
  expect(() => loadModel(broken({ shape: [n - 1, d], data: history.slice(d) }))).toThrow(/history has shape 8×6/)
  expect(() => loadModel(broken({ shape: [n, d], data: history.map(() => Number.NaN) }))).toThrow(/holds NaN/)
})

test('a matrix held whole: without products, the investor’s vector is the scores; a bias stands in each of them', () => {
  const whole = Float32Array.from({ length: n * n }, () => random())
  const bias = Float32Array.from({ length: n }, () => random())
  const model = loadModel(
    encodeArtifact({
      metadata: artifact.metadata,
      tensors: {
        history: { shape: [n, n], data: whole },
        bias: { shape: [n], data: bias },
        popularity: { shape: [n], data: new Float32Array(n) },
      },
    }),
  )
  expect(model.dimension).toBe(0)
  const scores = model.scores!(investor(['p3', 'p5'], []), 1)!
  for (let item = 0; item < n; item++)
    expect(scores[item]).toBeCloseTo(whole[3 * n + item]! + whole[5 * n + item]! + bias[item]!, 6)
  expect(model.scores!(investor(['other'], []), 1)).toBeNull()
})
