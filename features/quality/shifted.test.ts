import { compareFeatures } from './compared.js'
import { countsOf } from './counts.js'
import { comparedFeatures, edgesFor, referenceOf } from './reference.js'
import { shiftsOf } from './shifted.js'

const width = comparedFeatures.investor.length
/** Values 0 to 99, evenly, in each column; moved up in the first. */
const vectors = (count: number, moved: number): Float32Array[] =>
  Array.from({ length: count }, (_, n) => new Float32Array(width).fill(n % 100).fill((n % 100) + moved, 0, 1))
const shifted = (count: number, moved: number, bound = 0.2) => {
  const reference = referenceOf(0, vectors(1000, 0), [])
  const now = { investor: countsOf(edgesFor(reference, 'investor'), vectors(count, moved)), product: [] }
  return shiftsOf(compareFeatures(reference, now), bound)
}

test('a feature that moved is told, and no other', () => {
  expect(shifted(1000, 0)).toEqual([])
  expect(shifted(1000, 40).map(({ name }) => name)).toEqual([comparedFeatures.investor[0]?.name])
})

test('a higher bound tells fewer, and too few values tell nothing', () => {
  expect(shifted(1000, 40, 1000)).toEqual([])
  expect(shifted(50, 40)).toEqual([])
})
