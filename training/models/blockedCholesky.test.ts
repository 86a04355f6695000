import fc from 'fast-check'
import { inverse, Matrix } from 'ml-matrix'
import { randomFor } from '../random.js'
import { invertInPlace } from './blockedCholesky.js'

/** A random symmetric positive definite matrix. */
function definite(size: number, seed: number): Matrix {
  const { normal } = randomFor(seed, 'definite')
  const factor = Matrix.from1DArray(size, size, Array.from({ length: size * size }, normal))
  return factor.mmul(factor.transpose()).add(Matrix.eye(size, size))
}

const inverted = (matrix: Matrix): Float64Array => {
  const values = Float64Array.from(matrix.to1DArray())
  invertInPlace(values, matrix.rows)
  return values
}

test('the inverse is the one of ml-matrix, and symmetric to the last bit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(1000), (size, seed) => {
      const matrix = definite(size, seed)
      const values = inverted(matrix)
      inverse(matrix)
        .to1DArray()
        .forEach((value, k) => expect(values[k]).toBeCloseTo(value, 8))
      expect([...values]).toEqual(Matrix.from1DArray(size, size, values).transpose().to1DArray())
    }),
    { numRuns: 30 },
  )
})

test.each([63, 64, 65, 130, 200])('beyond a block: A · A⁻¹ = I, size %i', (size) => {
  const matrix = definite(size, size)
  const unit = matrix.mmul(Matrix.from1DArray(size, size, inverted(matrix)))
  expect(unit.sub(Matrix.eye(size, size)).norm()).toBeLessThan(1e-8)
})

test('pieces of long rows too: the inverse of I + c·11ᵀ is I − c / (1 + cn) · 11ᵀ', () => {
  const [n, c] = [1030, 0.5]
  const values = new Float64Array(n * n).fill(c)
  for (let row = 0; row < n; row++) values[row * n + row]! += 1
  invertInPlace(values, n)
  const rest = c / (1 + c * n)
  let worst = 0
  for (let k = 0; k < n * n; k++) worst = Math.max(worst, Math.abs(values[k]! - (k % (n + 1) === 0 ? 1 - rest : -rest)))
  expect(worst).toBeLessThan(1e-10)
})

test('a matrix that is not positive definite is refused with its row', () => {
  expect(() => invertInPlace(Float64Array.of(1, 0, 0, -1), 2)).toThrow('not positive definite at row 1')
  expect(() => invertInPlace(Float64Array.of(Number.NaN), 1)).toThrow('not positive definite at row 0')
})
