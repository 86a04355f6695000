import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { inverse, Matrix } from 'ml-matrix'
import { randomFor } from '../random.js'
import { sharedMatrix } from './sharedMatrix.js'
import { invertInPlace } from './sweep.js'

/** A random symmetric positive definite matrix. */
function definite(size: number, seed: number): Matrix {
  const { normal } = randomFor(seed, 'definite')
  const factor = Matrix.from1DArray(size, size, Array.from({ length: size * size }, normal))
  return factor.mmul(factor.transpose()).add(Matrix.eye(size, size))
}

const plain = (matrix: Matrix): Float64Array => {
  const values = Float64Array.from(matrix.to1DArray())
  invertInPlace(values, matrix.rows)
  return values
}

/** The inverse [n, n] by the blocks, of the upper triangle alone. */
function blocked(n: number, cell: (i: number, j: number) => number, threads = 1, make = sharedMatrix): Float64Array {
  const { values, stride, invert } = make(n)
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) values[i * stride + j] = cell(i, j)
  invert(threads)
  return Float64Array.from({ length: n * n }, (_, at) => values[Math.floor(at / n) * stride + (at % n)]!)
}

test('the inverse by pivots is the one of ml-matrix', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(1000), (size, seed) => {
      const matrix = definite(size, seed)
      const values = plain(matrix)
      inverse(matrix)
        .to1DArray()
        .forEach((value, k) => expect(values[k]).toBeCloseTo(value, 8))
    }),
    { numRuns: 30 },
  )
})

test.each([1, 2, 63, 64, 65, 130])('by blocks it is the same up to rounding, size %i', (size) => {
  const matrix = definite(size, size)
  const values = blocked(size, (i, j) => matrix.get(i, j))
  const twin = plain(matrix)
  let worst = 0
  values.forEach((value, k) => (worst = Math.max(worst, Math.abs(value - twin[k]!))))
  expect(worst).toBeLessThan(1e-9)
  expect(values.every((value, k) => value === values[(k % size) * size + Math.floor(k / size)])).toBe(true)
})

test('the inverse of I + c·11ᵀ is I − c / (1 + cn) · 11ᵀ', () => {
  const [n, c] = [330, 0.5]
  const rest = c / (1 + c * n)
  const values = blocked(n, (i, j) => c + (i === j ? 1 : 0))
  let worst = 0
  values.forEach((value, k) => (worst = Math.max(worst, Math.abs(value - (k % (n + 1) === 0 ? 1 - rest : -rest)))))
  expect(worst).toBeLessThan(1e-10)
})

test('the same bytes whatever the threads', async () => {
  const built = (await import(pathToFileURL(resolve('dist/training/kernels/sharedMatrix.js')).href)) as {
    readonly sharedMatrix: typeof sharedMatrix
  }
  const cell = (i: number, j: number): number => (i === j ? 400 : Math.sin(i * 7 + j))
  const alone = blocked(330, cell)
  for (const threads of [2, 3])
    expect(Buffer.from(blocked(330, cell, threads, built.sharedMatrix).buffer).equals(Buffer.from(alone.buffer))).toBe(
      true,
    )
})

test('a matrix that is not positive definite is refused with its row', () => {
  expect(() => invertInPlace(Float64Array.of(1, 0, 0, -1), 2)).toThrow('not positive definite at row 1')
  expect(() => invertInPlace(Float64Array.of(Number.NaN), 1)).toThrow('not positive definite at row 0')
  expect(() => blocked(100, (i, j) => (i !== j ? 0 : i < 70 ? 1 : -1))).toThrow('not positive definite at row 70')
})
