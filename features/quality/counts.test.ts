import fc from 'fast-check'
import { binCount, binOf, edgesOf } from './bins.js'
import { countsOf } from './counts.js'
import { rolling } from './rolling.js'

const { NaN: none } = Number

test('edges are quantiles of what is known: of 1 to 1000 the deciles, the 1st and the 99th in a hundred', () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => 1000 - index)
  expect(edgesOf(values)).toEqual([10, 100, 200, 300, 400, 500, 600, 700, 800, 900, 990])
  expect(edgesOf(Float32Array.from([...values, ...values.map(() => none)]))).toEqual(edgesOf(values))
  expect(edgesOf(Float32Array.of(none))).toEqual([])
})

test.each([
  ['a flag', [0, 0, 0, 1], [0, 1], { 0: 1, 1: 2, 2: 3, '-1': 0 }],
  ['a constant', [5, 5, 5], [5], { 4: 0, 5: 1, 6: 2 }],
  ['five levels', [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], { 0: 0, 1: 1, 2: 2, 3: 3, 5: 5, 6: 6 }],
])('%s has a bin a value, and one on either side', (_, values, edges, bins) => {
  expect(edgesOf(Float32Array.from(values))).toEqual(edges)
  expect(binCount(edges)).toBe(edges.length + 2)
  for (const [value, bin] of Object.entries(bins)) expect(binOf(edges, Number(value))).toBe(bin)
})

test('a bin is what a plain walk over the edges says', () => {
  const edge = fc.float({ noNaN: true, min: -100, max: 100 })
  fc.assert(
    fc.property(fc.uniqueArray(edge, { minLength: 1, maxLength: 11 }), edge, (given, value) => {
      const edges = given.map((each) => each + 0).sort((a, b) => a - b)
      const plain = value < edges[0]! ? 0 : 1 + edges.filter((each) => each < value).length
      expect(binOf(edges, value)).toBe(plain)
    }),
  )
})

test('values by bin, those missing apart; another width is refused', () => {
  const edges = [[0, 1], []]
  const vectors = [
    [0, 7],
    [1, none],
    [1, 8],
    [none, none],
  ].map((vector) => Float32Array.from(vector))
  expect(countsOf(edges, vectors)).toEqual([
    { bins: [0, 1, 2, 0], missing: 1 },
    { bins: [2], missing: 2 },
  ])
  expect(() => countsOf(edges, [Float32Array.of(1)])).toThrow('want the 2 of the reference')
})

test('a day rolls: an hour is forgotten when the same hour of the next day begins, and what comes late counts by its own', () => {
  const hour = 3_600_000
  const begin = Date.parse('2026-05-08T00:00:00Z')
  const seen = rolling([[0]])
  const count = (at: number) => seen.counts(at)[0]?.bins[1]
  const add = (at: number) => seen.add(Float32Array.of(0), at)
  add(begin)
  add(begin + 23 * hour)
  add(begin + hour)
  expect(count(begin + 24 * hour - 1)).toBe(3)
  expect(count(begin + 24 * hour)).toBe(2)
  add(begin + 24 * hour)
  expect(count(begin + 24 * hour)).toBe(3)
  add(begin)
  expect(count(begin + 24 * hour)).toBe(3)
  expect(count(begin + 100 * hour)).toBe(0)
  expect(count(begin + 22 * hour)).toBe(1)
})
