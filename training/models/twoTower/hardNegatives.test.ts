import fc from 'fast-check'
import { randomFor } from '../../random.js'
import { candidatesOf } from './candidates.js'
import { drawPool, hardest } from './hardNegatives.js'

const known = Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7])

test('a pool for each investor in turn, without his target and his bag', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const targets = Int32Array.from([2, 5])
      const bag = { rows: Int32Array.from([3, 7]), places: Int32Array.from([0, 1]) }
      const { places, rows } = drawPool(targets, bag, known, { count: 3, size: 4 }, randomFor(seed, 'test'))
      expect([...places]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0])
      const own = [
        [2, 3],
        [5, 7],
      ]
      // Ten draws of a quarter: one pool in a million holds what it should not.
      rows.forEach((row, at) => expect(own[places[at]!]).not.toContain(row))
    }),
    { numRuns: 30, seed: 7 },
  )
})

test('of each pool the best by score, the first of equals', () => {
  const pool = { places: new Int32Array(6), rows: Int32Array.from([10, 11, 12, 13, 14, 15]) }
  expect([...hardest(pool, Float32Array.from([0.1, 0.9, 0.3, -0.5, -0.1, -0.1]), 3)]).toEqual([11, 14])
})

test('what was chosen stands in the batch once, and counts as if it were drawn', () => {
  const targets = Int32Array.from([2])
  const noBag = { rows: new Int32Array(), places: new Int32Array() }
  const shares = new Float64Array(8)
  const columnOf = new Int32Array(8).fill(-1)
  const negatives = { known, negatives: 0, hard: Int32Array.from([6, 6, 2]), correction: 0.5 }
  const { products, offset } = candidatesOf(targets, noBag, shares, negatives, randomFor(1, 'test'), columnOf)
  expect([...products]).toEqual([2, 6])
  expect(offset[1]).toBeCloseTo(-0.5 * Math.log(1 - (7 / 8) ** 3), 4)
})
