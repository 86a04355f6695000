import { Matrix, solve } from 'ml-matrix'
import { seeded } from '../../tests/randomMarket.js'
import { foldIn, solveCholesky } from './foldIn.js'
import { dot, integerScore } from './kernel.js'

const random = seeded(11)
const d = 13
const n = 40
const products = Float32Array.from({ length: n * d }, () => random() - 0.5)
const y = Matrix.from1DArray(n, d, Array.from(products))
const gram = y.transpose().mmul(y).mul(0.1)

test('folding in equals the normal equations solved by ml-matrix', () => {
  const past = [
    { row: 2, weight: 1 },
    { row: 7, weight: 0.3 },
    { row: 31, weight: 1 },
  ]
  const a = gram.clone().add(Matrix.eye(d).mul(0.7))
  const b = Matrix.zeros(d, 1)
  for (const { row, weight } of past) {
    const v = Matrix.columnVector(y.getRow(row))
    a.add(v.mmul(v.transpose()).mul(weight))
    b.add(v.mul(weight))
  }
  const expected = solve(a, b).to1DArray()
  const lambdaBySize = Float64Array.from([9, 9, 0.7, 9])
  const actual = foldIn({ products, dimension: d, gram: Float64Array.from(gram.to1DArray()), lambdaBySize }, past)
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
})

test('a matrix that is not positive definite is refused', () => {
  expect(() => solveCholesky(Float64Array.from([0, 0, 0, 0]), new Float64Array(2), 2)).toThrow(/positive definite/)
})

test.each([0, 1, 2, 3, 4, 5, 7, 8, 64])('the kernel over %i dimensions is the inner product', (length) => {
  const a = Float32Array.from({ length: length + 3 }, () => random() - 0.5)
  const b = Float32Array.from({ length: length + 5 }, () => random() - 0.5)
  let expected = 0
  for (let i = 0; i < length; i++) expected += a[3 + i]! * b[5 + i]!
  expect(dot(a, 3, b, 5, length)).toBeCloseTo(expected, 12)
})

test('the kernel sums in its stated order, to the bit', () => {
  const a = Float32Array.from([1e8, 1, -1e8, 1, 3, 1, 1, 1, 7])
  const ones = new Float32Array(9).fill(1)
  expect(dot(a, 0, ones, 0, 9)).toBe(1e8 + 3 + 7 + (1 + 1) + (-1e8 + 1 + (1 + 1)))
})

test.each([
  [0, 0],
  [-0, 0],
  [1, 1_048_576],
  [1e30, Number.MAX_SAFE_INTEGER],
  [-1e30, -Number.MAX_SAFE_INTEGER],
])('score %d is stored as %d', (score, stored) => expect(Object.is(integerScore(score), stored)).toBe(true))

test.each([NaN, Infinity, -Infinity])('score %d is refused', (score) =>
  expect(() => integerScore(score)).toThrow(/not finite/),
)
