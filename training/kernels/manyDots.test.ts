import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { randomFor } from '../random.js'
import { manyDots } from './manyDots.js'

const drawn = (count: number, seed: number): Float32Array => {
  const { normal } = randomFor(seed, 'dots')
  return Float32Array.from({ length: count }, normal)
}

test('the products of queries with all rows, call after call', () => {
  const size = fc.integer({ min: 1, max: 70 })
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 9 }), fc.array(size, { minLength: 1, maxLength: 3 }), (n, d, calls) => {
      const rows = drawn(n * d, 1)
      const dots = manyDots(rows, d, Math.max(...calls), 0)
      for (const [call, count] of calls.entries()) {
        const queries = drawn(count * d, 2 + call)
        const found = dots.of(queries)
        expect(found).toHaveLength(count * dots.stride)
        for (let query = 0; query < count; query++)
          for (let row = 0; row < n; row++) {
            let plain = 0
            for (let k = 0; k < d; k++) plain += queries[query * d + k]! * rows[row * d + k]!
            expect(found[query * dots.stride + row]).toBe(plain)
          }
      }
      dots.close()
    }),
    { numRuns: 30 },
  )
})

test('more queries than there is room for are refused', () => {
  expect(() => manyDots(drawn(12, 1), 3, 2, 0).of(drawn(9, 2))).toThrow('3 queries, want at most 2')
})

test('the same with threads', async () => {
  const built = (await import(pathToFileURL(resolve('dist/training/kernels/manyDots.js')).href)) as {
    readonly manyDots: typeof manyDots
  }
  const [rows, queries] = [drawn(300 * 20, 1), drawn(8 * 20, 2)]
  const shared = built.manyDots(rows, 20, 8, 1e9)
  expect([...shared.of(queries)]).toEqual([...manyDots(rows, 20, 8, 0).of(queries)])
  shared.close()
})
