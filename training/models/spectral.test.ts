import fc from 'fast-check'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { encodeArtifact } from '../../engine/model/artifact.js'
import { itemGraphScores, readItemGraph } from '../../engine/model/itemGraph.js'
import { type Interactions, interactionsOf } from '../interactions.js'
import { randomFor } from '../random.js'
import { SpectralConfig } from './config.js'
import { fitSpectral } from './spectral.js'

const [users, n] = [40, 18]
const drawn = (seed: number): Interactions => {
  const { uniform } = randomFor(seed, 'rows')
  return interactionsOf(
    Array.from({ length: n }, (_, item) => `i${item}`),
    // The last item is never taken.
    Array.from(
      { length: users },
      () => new Map(Array.from({ length: 4 }, () => [Math.floor((n - 1) * uniform() ** 2), 1])),
    ),
  )
}
const config = (fields: object): SpectralConfig => SpectralConfig.parse({ kind: 'spectral', iterations: 40, ...fields })

/** B of score = x·B as it comes out of the artifact: a row is the score of a past of one item. */
const fitted = (interactions: Interactions, of: SpectralConfig): Matrix => {
  const graph = readItemGraph(fitSpectral(interactions, of, 1))
  return new Matrix(Array.from({ length: n }, (_, row) => [...itemGraphScores(graph, [{ row, weight: 1 }])]))
}

/** D_i^−p f(K) D_i^−q in the middle's powers, by dense matrices: the plain twin of spectral.ts. */
function plain(interactions: Interactions, of: SpectralConfig): { readonly b: Matrix; readonly together: Matrix } {
  const r = Matrix.zeros(users, n)
  for (let user = 0; user < users; user++)
    for (let k = interactions.offsets[user]!; k < interactions.offsets[user + 1]!; k++)
      r.set(user, interactions.items[k]!, 1)
  const diagonal = (sums: number[], exponent: number): Matrix =>
    Matrix.diag(sums.map((sum) => (sum > 0 ? Math.pow(sum, exponent) : 0)))
  const counts = r.sum('column')
  const middle = (of.historyExponent + of.productExponent) / 2
  const m = diagonal(r.sum('row'), -of.userExponent / 2)
    .mmul(r)
    .mmul(diagonal(counts, -middle))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(m.transpose().mmul(m))
  const order = realEigenvalues.map((_, axis) => axis).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
  const [first, last] = [realEigenvalues[order[0]!]!, realEigenvalues[order[of.dimension - 1]!]!]
  const bent = realEigenvalues.slice()
  for (const axis of order.slice(0, of.dimension))
    bent[axis] =
      Math.pow(last, 1 - of.smoothing / 2) * Math.pow(realEigenvalues[axis]!, of.smoothing / 2) + of.lowPass * first
  const { idealWeight: beta, sharpening: t } = of
  const s = (z: number): number => 1 - z + z ** 2 / 2 - z ** 3 / 6 + z ** 4 / 24
  const spectral = (values: number[]): Matrix =>
    eigenvectorMatrix.mmul(Matrix.diag(values)).mmul(eigenvectorMatrix.transpose())
  // Of f alone S is taken for its last known value beyond the kth.
  const known = new Set(order.slice(0, of.dimension))
  const f = spectral(bent.map((value, axis) => value * s(t * (known.has(axis) ? realEigenvalues[axis]! : last))))
  const ideal = diagonal(counts, -0.5)
    .mmul(spectral(bent.map((_, axis) => (known.has(axis) ? 1 : 0))))
    .mmul(diagonal(counts, 0.5))
    .mmul(spectral(realEigenvalues.map((value) => s(t * value))))
  f.add(ideal.mul(beta))
  const skew = (of.historyExponent - of.productExponent) / 2
  return { b: diagonal(counts, -skew).mmul(f).mmul(diagonal(counts, skew)), together: r.transpose().mmul(r) }
}

const cases = [
  ['item-kNN', { smoothing: 2, lowPass: 0 }],
  [
    'item-kNN and an ideal low-pass',
    { userExponent: 1, historyExponent: 0.5, productExponent: 0.5, smoothing: 2, lowPass: 0.3 },
  ],
  [
    'GF-CF',
    { userExponent: 1, historyExponent: 0.5, productExponent: 0.5, smoothing: 2, lowPass: 0, idealWeight: 0.3 },
  ],
  [
    'BSPM',
    {
      ...{ userExponent: 1, historyExponent: 0.5, productExponent: 0.5, smoothing: 2, lowPass: 0, idealWeight: 0.2 },
      sharpening: 2.5,
    },
  ],
  [
    'all of it',
    { smoothing: 1.5, lowPass: 0.1, historyExponent: 0.6, productExponent: 0.2, idealWeight: 0.1, sharpening: 1 },
  ],
  ['flattened', { smoothing: 0.7, lowPass: 0.2, historyExponent: 0.6, productExponent: 0.2 }],
] as const

test.each(cases)('%s: the stated formula, by dense matrices', (_name, fields) => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 8 }), (seed, dimension) => {
      const interactions = drawn(seed)
      const whole = config({ ...fields, dimension, neighbours: 0, everywhere: true })
      const { b, together } = plain(interactions, whole)
      const sparse = fitted(interactions, { ...whole, everywhere: false })
      const full = fitted(interactions, whole)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          if (i === j) continue
          expect(full.get(i, j)).toBeCloseTo(b.get(i, j), 5)
          expect(sparse.get(i, j)).toBeCloseTo(together.get(i, j) > 0 ? Math.max(0, b.get(i, j)) : 0, 5)
        }
    }),
    { numRuns: 8 },
  )
})

test('the strongest neighbours are kept, ties by ordinal', () => {
  const interactions = drawn(4)
  const whole = fitted(interactions, config({ dimension: 3, neighbours: 0 }))
  const cut = fitted(interactions, config({ dimension: 3, neighbours: 4 }))
  for (let i = 0; i < n; i++) {
    const row = whole.getRow(i)
    const kept = row
      .map((weight, item) => ({ weight, item }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || a.item - b.item)
      .slice(0, 4)
    const expected = new Array<number>(n).fill(0)
    for (const { weight, item } of kept) expected[item] = weight
    expect(cut.getRow(i)).toEqual(expected)
  }
  // One taste: all weights are equal.
  const alike = interactionsOf(
    ['a', 'b', 'c', 'd'],
    Array.from({ length: 3 }, () => new Map([0, 1, 2, 3].map((item) => [item, 1]))),
  )
  const { tensors } = fitSpectral(alike, config({ dimension: 1, neighbours: 2, smoothing: 2, lowPass: 0 }), 1)
  expect([...tensors['graph.items']!.data]).toEqual([1, 2, 0, 2, 0, 1, 0, 1])
})

test('the same seed gives the same bytes', () => {
  const bytes = (): Uint8Array => encodeArtifact(fitSpectral(drawn(5), config({ dimension: 4, everywhere: true }), 7))
  expect(Buffer.compare(bytes(), bytes())).toBe(0)
})
