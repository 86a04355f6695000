import {
  andInto,
  bitsWhere,
  clearBit,
  countBits,
  emptyBits,
  flipInto,
  fullBits,
  grownBits,
  hasBit,
  orInto,
  setBit,
  withoutInto,
  wordsFor,
  writeBits,
} from './bitset.js'

const of = (size: number, ...ordinals: number[]) => bitsWhere(size, (ordinal) => ordinals.includes(ordinal))
const listed = (bits: Uint32Array): number[] =>
  Array.from({ length: bits.length * 32 }, (_, ordinal) => ordinal).filter((ordinal) => hasBit(bits, ordinal))

test.each([
  [0, 0],
  [1, 1],
  [31, 1],
  [32, 1],
  [33, 2],
  [64, 2],
  [65, 3],
])('%i products take %i words, all of them set are counted, and none past the last', (size, words) => {
  expect(wordsFor(size)).toBe(words)
  expect(emptyBits(size)).toHaveLength(words)
  expect(countBits(emptyBits(size))).toBe(0)
  expect(countBits(fullBits(size))).toBe(size)
  expect(bitsWhere(size, () => true)).toEqual(fullBits(size))
  expect(listed(fullBits(size))).toEqual(Array.from({ length: size }, (_, ordinal) => ordinal))
})

test('bits are set, cleared and found one by one, at both ends of words', () => {
  const bits = emptyBits(70)
  for (const ordinal of [0, 31, 32, 63, 64, 69]) setBit(bits, ordinal)
  expect(listed(bits)).toEqual([0, 31, 32, 63, 64, 69])
  clearBit(bits, 32)
  clearBit(bits, 33)
  expect(listed(bits)).toEqual([0, 31, 63, 64, 69])
  expect(countBits(bits)).toBe(5)
  expect(hasBit(bits, 200)).toBe(false)
})

test.each([
  ['and', andInto, [33]],
  ['or', orInto, [0, 1, 33, 65]],
  ['without', withoutInto, [0]],
] as const)('%s, in place', (_, combine, expected) => {
  const into = of(70, 0, 33)
  const other = of(70, 1, 33, 65)
  combine(into, other)
  expect(listed(into)).toEqual(expected)
  expect(listed(other)).toEqual([1, 33, 65])
})

test('flipped within all of them', () => {
  const into = of(40, 0, 39)
  flipInto(into, fullBits(40))
  expect(countBits(into)).toBe(38)
  expect(hasBit(into, 0) || hasBit(into, 39)).toBe(false)
})

test('a grown set keeps what it had, and the old one is not touched', () => {
  const old = of(30, 3, 29)
  const grown = grownBits(old, 90)
  expect([grown.length, listed(grown)]).toEqual([3, [3, 29]])
  setBit(grown, 4)
  expect(listed(old)).toEqual([3, 29])
})

test('bytes: bit i is bit i & 7 of byte i >> 3', () => {
  const view = new DataView(new ArrayBuffer(12))
  writeBits(of(40, 0, 9, 31, 39), view, 4)
  expect([...new Uint8Array(view.buffer)]).toEqual([0, 0, 0, 0, 1, 2, 0, 128, 128, 0, 0, 0])
})

test('every count of a word of few or many bits', () => {
  for (const word of [0, 1, 0x8000_0000, 0x5555_5555, 0xaaaa_aaaa, 0xffff_ffff, 0x0f0f_0f0f, 0x1234_5678]) {
    const expected = [...word.toString(2)].filter((digit) => digit === '1').length
    expect(countBits(Uint32Array.of(word, 0, word))).toBe(2 * expected)
  }
})
