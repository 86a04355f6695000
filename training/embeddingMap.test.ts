import { type ProductId } from '../features/schema/ids.js'
import { embeddingMap } from './embeddingMap.js'

const ids = (count: number): ProductId[] => Array.from({ length: count }, (_, at) => `P${at}` as ProductId)
const vectors = (rows: readonly (readonly number[])[]) => ({
  ...{ productIds: ids(rows.length), dimension: rows[0]?.length ?? 0 },
  matrix: Float32Array.from(rows.flat()),
})

test('two groups that lie apart in five dimensions lie apart on the first axis', () => {
  const rows = Array.from({ length: 40 }, (_, at) => [
    at % 2 ? 3 + at : -3 - at,
    Math.sin(at),
    0.1 * Math.cos(at),
    0,
    0,
  ])
  const map = embeddingMap(vectors(rows), { most: 100, seed: 1 })
  expect(map?.points).toHaveLength(40)
  for (const [at, { x, productId }] of [...(map?.points ?? [])].entries()) {
    const own = Number(productId.slice(1))
    expect([at, Math.sign(x)]).toEqual([at, own % 2 ? 1 : -1])
  }
  // Lengths, up to fourteen times each other, are left out.
  for (const { x } of map?.points ?? []) expect(Math.abs(x)).toBeLessThan(1.1)
  expect(map?.explained).toBeGreaterThan(0.95)
})

test('of many a sample, the same by the same seed', () => {
  const rows = Array.from({ length: 50 }, (_, at) => [at, at % 3, 1])
  const drawn = (seed: number) =>
    embeddingMap(vectors(rows), { most: 20, seed })?.points.map(({ productId }) => productId)
  expect(drawn(1)).toHaveLength(20)
  expect(drawn(1)).toEqual(drawn(1))
  expect(drawn(1)).not.toEqual(drawn(2))
})

test.each([
  ['no vectors', []],
  ['one number', [[1], [2], [3]]],
  [
    'two products',
    [
      [1, 2],
      [2, 1],
    ],
  ],
  ['a matrix of products by products', [1, 2, 3].map(() => new Array<number>(300).fill(1))],
])('%s: no map', (_, rows) => expect(embeddingMap(vectors(rows), { most: 10, seed: 1 })).toBeNull())
