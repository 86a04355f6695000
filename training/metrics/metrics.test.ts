import fc from 'fast-check'
import { coherence, coherenceLift } from './coherence.js'
import { ndcg } from './ndcg.js'
import { recall } from './recall.js'
import { returnOfShown } from './roi.js'
import { shareAboveBand } from './shareAboveBand.js'

const log2of3 = 1.584962500721156

// Worked by hand: 1/log₂2 = 1, 1/log₂3 = .6309, 1/log₂4 = .5, 1/log₂5 = .4307.
test.each([
  ['only hit on top', ['a', 'b', 'c'], ['a'], 3, 1, 1],
  ['only hit second', ['b', 'a', 'c'], ['a'], 3, 1 / log2of3, 1],
  ['hits at 1 and 3 of two', ['a', 'x', 'b'], ['a', 'b'], 3, 1.5 / (1 + 1 / log2of3), 1],
  ['hit below k does not count', ['x', 'y', 'a'], ['a'], 2, 0, 0],
  ['more relevant than k: the ideal is capped, recall is not', ['a', 'b'], ['a', 'b', 'c', 'd'], 2, 1, 0.5],
  ['empty slate', [], ['a'], 10, 0, 0],
  ['shorter than k', ['a'], ['a', 'b'], 10, 1 / (1 + 1 / log2of3), 0.5],
])('ndcg and recall: %s', (_case, shown, relevant, k, wantNdcg, wantRecall) => {
  expect(ndcg(shown, new Set(relevant), k)).toBeCloseTo(wantNdcg, 12)
  expect(recall(shown, new Set(relevant), k)).toBeCloseTo(wantRecall, 12)
})

test('nothing relevant has no value', () => {
  expect(() => ndcg(['a'], new Set(), 10)).toThrow('leave this user out')
  expect(() => recall(['a'], new Set(), 10)).toThrow('leave this user out')
})

test('nDCG is 1 exactly where all hits come first, and stays within 0 and 1', () => {
  const slate = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 })
  fc.assert(
    fc.property(slate, fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 }), (shown, relevantIds) => {
      const relevant = new Set(relevantIds)
      const value = ndcg(shown, relevant, 10)
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(1 + 1e-12)
      expect(ndcg([...relevantIds, ...shown.filter((id) => !relevant.has(id))], relevant, 10)).toBeCloseTo(1, 12)
    }),
  )
})

test('the return counts only what has one', () => {
  const returns = new Map([
    ['a', 0.02],
    ['b', -0.01],
  ])
  expect(returnOfShown(['a', 'b', 'x'], returns, 10)).toEqual({ mean: 0.005, covered: 2 })
  expect(returnOfShown(['a', 'b', 'x'], returns, 1)).toEqual({ mean: 0.02, covered: 1 })
  expect(returnOfShown(['x'], returns, 10)).toEqual({ mean: null, covered: 0 })
})

test.each([
  ['all within one', [0, 1, 2], 1, 10, 1, 1 / 3],
  ['two of four', [0, 1, 3, 3], 0, 10, 0.5, 0.75],
  ['cut at k', [0, 3], 0, 1, 1, 0],
  ['empty', [], 2, 10, null, null],
])('coherence and share above the band: %s', (_case, bands, customer, k, wantPc, wantAbove) => {
  expect(coherence(bands, customer, k)).toBe(wantPc)
  expect(shareAboveBand(bands, customer, k)).toBe(wantAbove)
})

test('lift is a ratio to chance', () => {
  expect(coherenceLift(0.6, 0.5)).toBeCloseTo(1.2, 12)
  expect(coherenceLift(0.6, 0)).toBeNull()
})
