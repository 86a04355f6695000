import fc from 'fast-check'
import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { type Artifact, encodeArtifact } from '../../engine/model/artifact.js'
import { foldIn as engineFoldIn } from '../../engine/model/foldIn.js'
import { type Interactions, interactionsOf, transposed } from '../interactions.js'
import { randomFor } from '../random.js'
import { solveInPlace } from './cholesky.js'
import { IalsConfig } from './config.js'
import { foldIn } from './foldIn.js'
import { fitIals } from './ials.js'

const config = (fields: Partial<IalsConfig>): IalsConfig => IalsConfig.parse({ kind: 'ials', ...fields })

/** m users of two tastes: evens take items of the first half, odds of the second. */
function twoTastes(users: number, items: number, perUser: number, weighted: boolean): Interactions {
  const { uniform } = randomFor(5, 'two tastes')
  const rows = Array.from({ length: users }, (_, user) => {
    const row = new Map<number, number>()
    for (let k = 0; k < perUser; k++) {
      const item = Math.floor((uniform() * items) / 2) + (user % 2) * Math.floor(items / 2)
      row.set(item, weighted && k % 2 === 1 ? 0.25 : 1)
    }
    return row
  })
  return interactionsOf(
    Array.from({ length: items }, (_, item) => `P${100 + item}`),
    rows,
  )
}

/** The fold-in as ials.ts states it, solved by ml-matrix: the plain twin. → scores of all products, [n] */
function plainScores(artifact: Artifact, items: readonly number[], weights: readonly number[]): number[] {
  const { metadata, tensors } = artifact
  const [n = 0, d = 0] = tensors['products']!.shape
  const y = Matrix.from1DArray(n, d, Array.from(tensors['products']!.data))
  const system = Matrix.from1DArray(d, d, Array.from(tensors['gram']!.data))
  const right = Matrix.zeros(d, 1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mass = Math.round(total) + Number(metadata['alpha0']) * n
  const lambda = Number(metadata['lambda']) * Math.pow(mass, Number(metadata['nu']))
  items.forEach((item, k) => {
    const vector = y.getRowVector(item).transpose()
    system.add(vector.mmul(vector.transpose()).mul(weights[k]!))
    right.add(vector.mul(weights[k]!))
  })
  system.add(Matrix.eye(d, d).mul(lambda))
  return y.mmul(new CholeskyDecomposition(system).solve(right)).to1DArray()
}

test('the kernel solves as ml-matrix does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1000), (size, seed) => {
      const { normal } = randomFor(seed, 'kernel')
      const factor = Matrix.from1DArray(size, size, Array.from({ length: size * size }, normal))
      const system = factor.mmul(factor.transpose()).add(Matrix.eye(size, size))
      const right = Array.from({ length: size }, normal)
      const want = new CholeskyDecomposition(system).solve(Matrix.columnVector(right)).to1DArray()
      const x = Float64Array.from(right)
      solveInPlace(Float64Array.from(system.to1DArray()), x, size, size)
      want.forEach((value, k) => expect(x[k]).toBeCloseTo(value, 8))
    }),
  )
})

test('a matrix that is not positive definite is refused', () => {
  const indefinite = Float64Array.of(1, 0, 2, 1)
  expect(() => solveInPlace(indefinite, Float64Array.of(1, 1), 2, 2)).toThrow('not positive definite at row 1')
})

test.each([
  ['fewer items than dimensions', 16, 3, 1, false],
  ['more items than dimensions', 3, 9, 1, false],
  ['weighted, few', 16, 6, 0.5, true],
  ['weighted, many', 3, 12, 0, true],
])('fold-in equals the stated formula solved by ml-matrix: %s', (_case, dimension, perUser, nu, weighted) => {
  const interactions = twoTastes(60, 24, perUser, weighted)
  const artifact = fitIals(interactions, config({ dimension, nu, lambda: 0.05, iterations: 3 }), 1)
  const { users, products } = foldIn(artifact, interactions)
  for (const user of [0, 1, 17, 59]) {
    const from = interactions.offsets[user]!
    const to = interactions.offsets[user + 1]!
    const items = Array.from(interactions.items.subarray(from, to))
    const weights = items.map((_, k) => interactions.weights?.[from + k] ?? 1)
    plainScores(artifact, items, weights).forEach((want, item) => {
      let score = 0
      for (let j = 0; j < dimension; j++) score += users[user * dimension + j]! * products[item * dimension + j]!
      expect(Math.abs(score - want)).toBeLessThan(1e-6)
    })
  }
})

test('the engine folds in one investor to the same vector up to the turn: the scores agree', () => {
  const interactions = twoTastes(60, 24, 5, true)
  const artifact = fitIals(interactions, config({ dimension: 8, viewWeight: 0.25, lambda: 0.05, iterations: 3 }), 1)
  const { tensors } = artifact
  const doubles = (name: string): Float64Array => Float64Array.from(tensors[name]!.data)
  const products = Float32Array.from(tensors['products']!.data)
  const model = { products, dimension: 8, gram: doubles('gram'), lambdaBySize: doubles('lambdaBySize') }
  const past = [
    { row: 1, weight: 1 },
    { row: 4, weight: 0.25 },
    { row: 20, weight: 1 },
  ]
  const vector = engineFoldIn(model, past)
  const items = past.map(({ row }) => row)
  const weights = past.map(({ weight }) => weight)
  plainScores(artifact, items, weights).forEach((want, item) => {
    let score = 0
    for (let j = 0; j < 8; j++) score += vector[j]! * products[item * 8 + j]!
    expect(Math.abs(score - want)).toBeLessThan(1e-6)
  })
})

test('an investor is nearer to unseen products of his own taste', () => {
  const interactions = twoTastes(200, 20, 4, false)
  const artifact = fitIals(interactions, config({ dimension: 2, iterations: 10 }), 3)
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const scores = plainScores(artifact, [0, 1], [1, 1])
  expect(mean(scores.slice(2, 10))).toBeGreaterThan(mean(scores.slice(10)) + 0.1)
})

test('the same seed gives the same bytes, another seed others', () => {
  const interactions = twoTastes(50, 20, 4, false)
  const bytes = (seed: number): string =>
    Buffer.from(encodeArtifact(fitIals(interactions, config({ dimension: 8, iterations: 2 }), seed))).toString('hex')
  expect(bytes(1)).toBe(bytes(1))
  expect(bytes(1)).not.toBe(bytes(2))
})

test('transposing twice gives the pairs back', () => {
  const interactions = twoTastes(30, 20, 5, true)
  const once = transposed(interactions)
  const twice = transposed({ ...once, itemIds: Array.from({ length: 30 }, (_, user) => String(user)) })
  expect(Array.from(twice.items)).toEqual(Array.from(interactions.items))
  expect(Array.from(twice.offsets)).toEqual(Array.from(interactions.offsets))
  expect(Array.from(twice.weights ?? [])).toEqual(Array.from(interactions.weights ?? []))
})
