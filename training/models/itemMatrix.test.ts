import { inverse, Matrix, SingularValueDecomposition } from 'ml-matrix'
import { type Interactions, interactionsOf } from '../interactions.js'
import { randomFor } from '../random.js'
import { coOccurrence } from './coOccurrence.js'
import { EaseConfig, ItemKnnConfig } from './config.js'
import { decayed, within } from './decay.js'
import { easeMatrix, fitEase } from './ease.js'
import { fitItemKnn, itemKnnMatrix } from './itemKnn.js'
import { fitPopularity } from './popularity.js'

const rowsOf = (...rows: readonly (readonly number[])[]): Map<number, number>[] =>
  rows.map((row) => new Map(row.map((item) => [item, 1])))
const named = (count: number): string[] => Array.from({ length: count }, (_, item) => `P${100 + item}`)

const small: Interactions = {
  ...interactionsOf(named(3), rowsOf([0, 1], [0, 1, 2], [0])),
  ages: Float32Array.of(0, 10, 20, 20, 20, 30),
}

/** users × items of chance, as interactions and as a matrix of ones and zeros. */
function drawn(users: number, items: number): { interactions: Interactions; x: Matrix } {
  const { uniform } = randomFor(3, 'taken')
  const x = Matrix.zeros(users, items)
  const rows = Array.from({ length: users }, (_, user) => {
    for (let item = 0; item < items; item++) if (uniform() < 0.3) x.set(user, item, 1)
    return x.getRow(user).flatMap((value, item) => (value === 1 ? [item] : []))
  })
  return { interactions: interactionsOf(named(items), rowsOf(...rows)), x }
}

test('co-occurrence counts users, decayed by the root of both weights', () => {
  expect([...coOccurrence(small)]).toEqual([3, 2, 1, 2, 2, 1, 1, 1, 1])
  const co = coOccurrence(decayed(small, 10))
  // Weights: 1, ½; ¼, ¼, ¼; ⅛.
  expect(co[0]).toBeCloseTo(1 + 1 / 4 + 1 / 8, 6)
  expect(co[1]).toBeCloseTo(Math.SQRT1_2 + 1 / 4, 6)
})

test('a column of EASE is the ridge regression of its product on all others', () => {
  const { interactions, x } = drawn(40, 8)
  const b = easeMatrix(interactions, { lambda: 2 })
  for (let item = 0; item < 8; item++) {
    const others = [...Array(8).keys()].filter((other) => other !== item)
    const past = x.subMatrixColumn(others)
    const system = past.transpose().mmul(past).add(Matrix.eye(7, 7).mul(2))
    const weights = inverse(system).mmul(past.transpose()).mmul(x.getColumnVector(item)).to1DArray()
    others.forEach((other, at) => expect(b[other * 8 + item]).toBeCloseTo(weights[at]!, 6))
    expect(b[item * 8 + item]).toBe(0)
  }
})

test('EASE of full rank as vectors is EASE, and of a lower one that of the products of least error', () => {
  const { interactions, x } = drawn(60, 8)
  const scores = (rank: number): Matrix => {
    const { tensors } = fitEase(interactions, EaseConfig.parse({ kind: 'ease', lambda: 2, rank }))
    const [history, products] = ['history', 'products'].map((name) =>
      Matrix.from1DArray(8, rank, [...(tensors[name]?.data ?? [])]),
    )
    return history!.mmul(products!.transpose())
  }
  const own = (matrix: Matrix): number[] => matrix.to1DArray().map((value, at) => (at % 9 === 0 ? 0 : value))
  const whole = own(scores(8))
  easeMatrix(interactions, { lambda: 2 }).forEach((value, at) => expect(whole[at]).toBeCloseTo(value, 5))
  const { diagonal: sigma, rightSingularVectors: v } = new SingularValueDecomposition(x)
  const cut = Matrix.diag(sigma.map((value, axis) => (axis < 3 ? value ** 2 : 0)))
  const p = inverse(v.mmul(cut).mmul(v.transpose()).add(Matrix.eye(8, 8).mul(2)))
  own(scores(3)).forEach((value, at) => {
    const [i, j] = [Math.floor(at / 8), at % 8]
    expect(value).toBeCloseTo(i === j ? 0 : -p.get(i, j) / p.get(j, j), 4)
  })
})

test('item-kNN by hand', () => {
  const b = itemKnnMatrix(small, { pastExponent: 1, productExponent: 0.5, shrink: 1 })
  // n = 3, 2, 1; co(0,1) = 2: from 0 to 1 2 / (3·√2 + 1), from 1 to 0 2 / (2·√3 + 1).
  expect(b[1]).toBeCloseTo(2 / (3 * Math.SQRT2 + 1), 6)
  expect(b[3]).toBeCloseTo(2 / (2 * Math.sqrt(3) + 1), 6)
  expect([b[0], b[4], b[8]]).toEqual([0, 0, 0])
})

test('the popularity term stands in the bias, the greatest at its weight', () => {
  const { tensors } = fitItemKnn(small, ItemKnnConfig.parse({ kind: 'item-knn', popularityWeight: 0.3 }))
  const [most, second, least] = tensors['bias']!.data
  expect([most, second, least]).toEqual([0.3, 0.2, 0.1].map((value): unknown => expect.closeTo(value, 6)))
  expect(fitEase(small, EaseConfig.parse({ kind: 'ease' })).tensors['bias']).toBeUndefined()
})

test('popularity of late: a window, a half-life, both', () => {
  const counts = (config: Parameters<typeof fitPopularity>[1]): number[] => [
    ...fitPopularity(small, config).tensors['popularity']!.data,
  ]
  expect(counts({})).toEqual([3, 2, 1])
  expect(counts({ windowDays: 20 })).toEqual([1, 1, 0])
  expect(counts({ windowDays: 30, halfLifeDays: 10 })).toEqual([1.25, 0.75, 0.25])
  expect([...within(small, 20.5).offsets]).toEqual([0, 2, 5, 5])
})

test('no dates to decay by, too many products', () => {
  const undated = interactionsOf(named(2), rowsOf([0, 1]))
  expect(() => fitEase(undated, EaseConfig.parse({ kind: 'ease', halfLifeDays: 9 }))).toThrow('no dates')
  expect(() => fitPopularity(undated, { windowDays: 9 })).toThrow('no dates')
  const wide = interactionsOf(named(10_001), rowsOf([0, 1]))
  expect(() => fitItemKnn(wide, ItemKnnConfig.parse({ kind: 'item-knn' }))).toThrow('10001 by 10001 products')
})
