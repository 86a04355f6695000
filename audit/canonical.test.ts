import { encode, rfc8949EncodeOptions } from 'cborg'
import fc from 'fast-check'
import { decodeCanonical, decodeOwn, encodeCanonical } from './canonical.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// RFC 8949 Appendix A, but for the maps: §4.2.1 orders keys by the bytes of their encodings.
test.each<[unknown, string]>([
  [0, '00'],
  [23, '17'],
  [24, '1818'],
  [1000000000000, '1b000000e8d4a51000'],
  [-1, '20'],
  [-1000, '3903e7'],
  [false, 'f4'],
  [null, 'f6'],
  ['ü', '62c3bc'],
  [new Uint8Array([1, 2, 3, 4]), '4401020304'],
  [[1, [2, 3]], '8201820203'],
  [{ b: [2, 3], a: 1 }, 'a26161016162820203'],
  [{ aa: 1, b: 2 }, 'a261620262616101'],
])('%j encodes as the RFC prints it', (value, want) => {
  expect(hex(encodeCanonical(value))).toBe(want)
  expect(decodeCanonical(Buffer.from(want, 'hex'))).toEqual(value)
})

test.each<[string, unknown, RegExp]>([
  ['a fraction', { a: [1.5] }, /^value\.a\[0\]: a number that is no safe integer/],
  ['not a number', NaN, /no safe integer/],
  ['beyond 2^53', 2 ** 53, /no safe integer/],
  ['undefined', { a: undefined }, /^value\.a: a value of type undefined/],
  ['a big integer', 1n, /bigint/],
  ['a lone surrogate', 'a\ud800', /lone surrogate/],
  ['a lone surrogate in a key', { '\udc00': 1 }, /lone surrogate/],
  ['a date', new Date(0), /type Date/],
  ['a map', new Map(), /type Map/],
  ['a hole', Array(1), /undefined/],
])('%s is refused, by path', (_name, value, message) => {
  expect(() => encodeCanonical(value)).toThrow(message)
})

test.each([
  ['a long head', '1817'],
  ['a float', 'f93c00'],
  ['a fraction', 'fb3ff8000000000000'],
  ['keys out of order', 'a2616201616101'],
  ['a repeated key', 'a2616101616102'],
  ['an indefinite length', '9f01ff'],
  ['a tag', 'c074'],
  ['undefined', 'f7'],
  ['bytes after the value', '0000'],
  ['an end too soon', '8201'],
  ['nothing', ''],
  ['text that is no UTF-8', '61ff'],
  ['an integer beyond 2^53', '1b0020000000000000'],
])('decoding refuses %s', (_name, bytes) => {
  expect(() => decodeCanonical(Buffer.from(bytes, 'hex'))).toThrow(
    expect.objectContaining({ code: 'not-canonical' }) as Error,
  )
})

test('what is refused for its encoding alone is told', () => {
  expect(() => decodeCanonical(Buffer.from('f93c00', 'hex'))).toThrow(/^bytes: not the canonical encoding;/)
})

test.each([
  ['a long head', '1817', /more bytes than necessary/],
  ['a repeated key', 'a2616101616102', /repeat map key/],
  ['an indefinite length', '9f01ff', /indefinite length/],
  ['undefined', 'f7', /undefined/],
  ['not a number', 'f97e00', /NaN/],
  ['infinity', 'f97c00', /Infinity/],
  ['an integer beyond 2^53', '1b0020000000000000', /safe integer range/],
])('decoding its own bytes refuses %s', (_name, bytes, why) => {
  const decoding = () => decodeOwn(Buffer.from(bytes, 'hex'))
  expect(decoding).toThrow(expect.objectContaining({ code: 'not-canonical' }) as Error)
  expect(decoding).toThrow(/^bytes: /)
  expect(decoding).toThrow(why)
})

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

test('the order of keys is that of RFC 8949', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(Buffer.from(encodeCanonical(given)).equals(Buffer.from(encode(given, rfc8949EncodeOptions)))).toBe(true)
    }),
  )
})

test('what is decoded is what was encoded, to the byte; the order of keys does not matter', () => {
  const reversed = (held: unknown): unknown =>
    Array.isArray(held) || ArrayBuffer.isView(held) || held === null || typeof held !== 'object'
      ? held
      : Object.fromEntries(Object.entries(held).reverse())
  fc.assert(
    fc.property(value, (held) => {
      const bytes = encodeCanonical(held)
      expect(hex(encodeCanonical(decodeCanonical(bytes)))).toBe(hex(bytes))
      expect(hex(encodeCanonical(reversed(held)))).toBe(hex(bytes))
    }),
  )
})
