import fc from 'fast-check'
import { miscalibration } from './calibration.js'
import { intraListDiversity } from './diversity.js'
import { isHit } from './hitRate.js'
import { reciprocalRank } from './mrr.js'
import { ndcg } from './ndcg.js'
import { novelty } from './novelty.js'
import { recall } from './recall.js'

// The usual example of the MRR: hits at ranks 3, 2 and 1 have the mean 11/18.
test.each([
  ['third', ['x', 'y', 'a'], ['a'], 3, 1 / 3, 1],
  ['second', ['x', 'a', 'y'], ['a'], 3, 1 / 2, 1],
  ['first', ['a', 'b', 'y'], ['b', 'a'], 3, 1, 1],
  ['below k', ['x', 'y', 'a'], ['a'], 2, 0, 0],
  ['nothing shown', [], ['a'], 2, 0, 0],
])('reciprocal rank and hit: %s', (_, shown, relevant, k, rank, hit) => {
  expect(reciprocalRank(shown, new Set(relevant), k)).toBeCloseTo(rank, 12)
  expect(isHit(shown, new Set(relevant), k)).toBe(hit)
})

test('nothing relevant has no value', () => {
  expect(() => reciprocalRank(['a'], new Set(), 10)).toThrow('leave this user out')
  expect(() => isHit(['a'], new Set(), 10)).toThrow('leave this user out')
})

test.each([
  ['half bought it: near one bit', [499], 999, 10, 1],
  ['all bought it: none', [1000], 1000, 10, 0],
  ['nobody bought it: as much as there is', [0], 1023, 10, 10],
  ['mean of two, cut at k', [511, 1023, 0], 1023, 2, 0.5],
  ['nothing shown', [], 9, 10, null],
])('novelty: %s', (_, buyers, investors, k, want) => {
  const value = novelty(buyers, investors, k)
  if (want === null) expect(value).toBeNull()
  else expect(value).toBeCloseTo(want, 12)
})

// .99·(.5, .5) + .01·(.7, .3) = (.502, .498): .7 ln(.7/.502) + .3 ln(.3/.498) = .080691.
test.each([
  ['the same mix, in other sums', [7, 3], [0.7, 0.3], 0],
  ['seven to three shown half and half', [7, 3], [5, 5], 0.080691],
  ['only the greater kind is shown', [0.7, 0.3], [10, 0], 0.7 * Math.log(0.7 / 0.997) + 0.3 * Math.log(100)],
  ['nothing in common', [1, 0], [0, 5], Math.log(100)],
  ['a kind that he never bought costs by what it displaces', [1, 0], [1, 1], -Math.log(0.505)],
])('miscalibration: %s', (_, bought, shown, want) => expect(miscalibration(bought, shown)).toBeCloseTo(want, 5))

test('miscalibration has no value where nothing was bought, or nothing is shown', () => {
  expect(miscalibration([0, 0], [1, 0])).toBeNull()
  expect(miscalibration([1, 0], [0, 0])).toBeNull()
})

test('miscalibration is never below 0, and 0 only where the mixes agree', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(weights, weights, (bought, shown) => {
      const value = miscalibration(bought, shown) ?? Number.NaN
      expect(value).toBeGreaterThanOrEqual(-1e-12)
      const [a, b] = [bought.reduce((x, y) => x + y), shown.reduce((x, y) => x + y)]
      if (bought.some((weight, kind) => weight * b !== (shown[kind] ?? 0) * a)) expect(value).toBeGreaterThan(1e-9)
    }),
  )
})

test('diversity is the mean distance of pairs', () => {
  const differ = (a: string, b: string): number => (a === b ? 0 : 1)
  expect(intraListDiversity(['a', 'a', 'b'], differ, 10)).toBeCloseTo(2 / 3, 12)
  expect(intraListDiversity(['a', 'b', 'b'], differ, 2)).toBe(1)
  expect(intraListDiversity(['a'], differ, 10)).toBeNull()
})

test('what products are called does not matter', () => {
  const ids = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(ids, ids, fc.integer({ min: 1, max: 12 }), (shown, relevant, k) => {
      const renamed = (id: number): string => `p${(id * 17) % 31}`
      const [other, others] = [shown.map(renamed), new Set(relevant.map(renamed))]
      for (const metric of [ndcg, recall, reciprocalRank, isHit])
        expect(metric<number | string>(other, others, k)).toBe(metric<number | string>(shown, new Set(relevant), k))
    }),
  )
})
