import fc from 'fast-check'
import { emptyBits } from './bitset.js'
import { type Column, addEqual, makeColumn, positionOf, remakeColumn, writePrefix } from './column.js'
import { type InputValue, type Inputs } from './vocabulary.js'

const ordinalsOf = (bits: Uint32Array, size: number): number[] =>
  Array.from({ length: size }, (_, ordinal) => ordinal).filter((o) => ((bits[o >>> 5]! >>> (o & 31)) & 1) === 1)
const column = (...values: InputValue[]): Column =>
  makeColumn(
    'x',
    values.map((x) => ({ x })),
  )

test('ascending by value, ties by ordinal; the unknown are left out', () => {
  const { ordinals, values } = column(5, null, 2, 5, 2)
  expect([[...ordinals], values]).toEqual([
    [2, 4, 0, 3],
    [2, 2, 5, 5],
  ])
})

test('a list has an entry for each member, once', () => {
  const { ordinals, values } = column(['b', 'a'], [], ['b', 'b'])
  expect([[...ordinals], values]).toEqual([
    [0, 0, 2],
    ['a', 'b', 'b'],
  ])
})

test.each([
  [1, 0, 0],
  [2, 0, 2],
  [3, 2, 2],
  [5, 2, 4],
  [6, 4, 4],
])('positions of %d among 2, 2, 5, 5: below %d, up to %d', (bound, below, upTo) => {
  const of = column(5, null, 2, 5, 2)
  expect([positionOf(of, bound, false), positionOf(of, bound, true)]).toEqual([below, upTo])
})

const value = fc.oneof(fc.constant(null), fc.integer({ min: -3, max: 3 }))
const list = fc.oneof(fc.constant(null), fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }))
const truth = fc.constantFrom(null, true, false)
const inputsOf = (values: readonly InputValue[]): Inputs[] => values.map((x) => ({ x, other: 1 }))

test.each([
  ['numbers', value],
  ['lists', list],
  ['truths', truth],
])('%s: made again after changes = made anew', (_, any: fc.Arbitrary<InputValue>) => {
  const changes = fc.array(fc.tuple(fc.nat({ max: 79 }), any), { maxLength: 12 })
  const property = fc.property(
    fc.array(any, { maxLength: 80 }),
    changes,
    fc.array(any, { maxLength: 40 }),
    (old, edits, added) => {
      const next = [...old]
      for (const [ordinal, to] of edits) if (ordinal < old.length) next[ordinal] = to
      next.push(...added)
      const ordinals = next.flatMap((to, ordinal) => (ordinal >= old.length || to !== old[ordinal] ? [ordinal] : []))
      const [before, after] = [inputsOf(old), inputsOf(next)]
      const grown = added.length > 0
      const again = remakeColumn('x', makeColumn('x', before), before, after, {
        ordinals,
        fields: new Set(['x']),
        grown,
      })
      expect(again).toEqual(makeColumn('x', after))
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('a column that no change touches is the same', () => {
  const before = inputsOf([1, 2, 3])
  const old = makeColumn('x', before)
  const none = { ordinals: [1], fields: new Set(['other']), grown: false }
  expect(remakeColumn('x', old, before, before, none)).toBe(old)
})

test.each([0, 1, 31, 511, 512, 513, 1024, 1500])('the first %d of 1,500 entries as bits', (position) => {
  const of = column(...Array.from({ length: 1500 }, (_, ordinal) => (ordinal * 7919) % 1500))
  const bits = emptyBits(1500).fill(0xffff_ffff)
  writePrefix(of, position, bits)
  expect(ordinalsOf(bits, 1500)).toEqual([...of.ordinals.slice(0, position)].sort((a, b) => a - b))
})

test.each([511, 512, 513, 1024])('all of %d entries as bits', (size) => {
  const bits = emptyBits(size)
  writePrefix(column(...Array.from({ length: size }, (_, ordinal) => ordinal)), size, bits)
  expect(ordinalsOf(bits, size)).toHaveLength(size)
})

test('truths are kept as 0 and 1', () => {
  const { ordinals, values, prefixes } = column(true, false, null, true)
  expect([[...ordinals], values, prefixes.length]).toEqual([[1, 0, 3], [0, 1, 1], 1])
})

test('of a column in which nothing is known, no product is first', () => {
  const bits = emptyBits(3).fill(7)
  writePrefix(column(null, null, null), 0, bits)
  expect([...bits]).toEqual([0])
})

test('those equal to an entry are added to what is there', () => {
  const of = column(5, null, 2, 5, 2)
  const bits = emptyBits(5)
  addEqual(of, 0, bits)
  expect(ordinalsOf(bits, 5)).toEqual([2, 4])
  addEqual(of, 2, bits)
  expect(ordinalsOf(bits, 5)).toEqual([0, 2, 3, 4])
})

test('a column of unique ids holds no bitset a product', () => {
  const ids = column(...Array.from({ length: 4200 }, (_, n) => `P${n}`))
  expect(ids.prefixes).toEqual([])
  expect(ids.ordinals.byteLength).toBe(4200 * 4)
})
