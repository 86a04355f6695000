import fc from 'fast-check'
import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { interactionsOf } from '../../interactions.js'
import { randomFor } from '../../random.js'
import { type BothWays, normalised } from './sparse.js'
import { truncatedSvd } from './truncatedSvd.js'

const [users, items] = [70, 50]
const drawn = (seed: number, share: number): BothWays => {
  const { uniform } = randomFor(seed, 'rows')
  const rows = Array.from({ length: users }, () => {
    const row = new Map<number, number>()
    for (let item = 0; item < items; item++) if (uniform() < share) row.set(item, 0.5 + uniform())
    return row
  })
  return normalised(
    interactionsOf(
      Array.from({ length: items }, (_, item) => `i${item}`),
      rows,
    ),
    0.25,
    0.5,
  )
}
const dense = ({ byUser }: BothWays): Matrix => {
  const matrix = Matrix.zeros(users, items)
  for (let row = 0; row < users; row++)
    for (let k = byUser.offsets[row]!; k < byUser.offsets[row + 1]!; k++)
      matrix.set(row, byUser.items[k]!, byUser.values[k]!)
  return matrix
}

test('the values and the space of ml-matrix’s whole decomposition', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 6 }), (seed, k) => {
      const both = drawn(seed, 0.15)
      const whole = new SingularValueDecomposition(dense(both))
      const { values, vectors } = truncatedSvd(both, k, 40, seed)
      values.forEach((value, axis) => expect(value).toBeCloseTo(whole.diagonal[axis]!, 9))
      const found = Matrix.from1DArray(items, k, Array.from(vectors))
      const gram = found.transpose().mmul(found)
      expect(gram.sub(Matrix.eye(k, k)).norm()).toBeLessThan(1e-9)
      const first = dense(both).mmul(found.getColumnVector(0)).norm()
      expect(first).toBeCloseTo(whole.diagonal[0]!, 9)
    }),
    { numRuns: 15 },
  )
})

test('what a matrix does not have is 0: two tastes have rank two', () => {
  const rows = Array.from(
    { length: users },
    (_, user) => new Map([0, 1, 2, 3].map((item) => [item + 4 * (user % 2), 1])),
  )
  const ids = Array.from({ length: items }, (_, item) => `i${item}`)
  const { values, vectors } = truncatedSvd(normalised(interactionsOf(ids, rows), 0.5, 0.5), 4, 3, 1)
  expect(Array.from(values, (value) => Number(value.toFixed(9)))).toEqual([1, 1, 0, 0])
  expect(vectors.every(Number.isFinite)).toBe(true)
})

test('the same seed gives the same bytes, and no sign is left to it', () => {
  const both = drawn(3, 0.2)
  const [one, again, other] = [1, 1, 2].map((seed) => truncatedSvd(both, 3, 60, seed))
  expect(again).toEqual(one)
  other!.vectors.forEach((value, at) => expect(value).toBeCloseTo(one!.vectors[at]!, 6))
})
