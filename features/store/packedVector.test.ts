import fc from 'fast-check'
import { packedValue, stateAfterPacked, unpacked } from './packedVector.js'

const stamp = { day: 20_000, digest: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), width: 3 }
const state = Uint8Array.of(6, 0, 0)
const bitsOf = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('hex')

const anyFeature = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: -3, max: 2 ** 30 }),
  fc.constantFrom(0, -0, Number.NaN, Infinity, 2 ** 27, 2 ** 27 - 8),
  fc.float(),
)

test('brings back every feature to the last bit, and the state', () => {
  const anyVector = fc.array(fc.tuple(anyFeature, fc.constantFrom(0, Number.NaN)), { maxLength: 130 })
  fc.assert(
    fc.property(anyVector, (drawn) => {
      const vector = Float32Array.from(drawn, ([feature]) => feature)
      const absent = Float32Array.from(drawn, ([, nothing]) => nothing)
      const value = packedValue(stamp, vector, absent, state)
      const read = unpacked(value, stamp, absent)
      expect(read === null ? null : bitsOf(read)).toBe(bitsOf(vector))
      expect([...stateAfterPacked(value)]).toEqual([...state])
    }),
    { numRuns: 500 },
  )
})

test('what is as of nobody takes a bit, a small count a byte', () => {
  const vector = Float32Array.from({ length: 64 }, (_, column) => (column < 10 ? column : 0))
  const value = packedValue(stamp, vector, new Float32Array(64), state)
  expect(value.length).toBe(11 + 8 + 9 + state.length)
})

test('vectors that are read lie apart from each other', () => {
  const absent = new Float32Array(40)
  const values = Array.from({ length: 500 }, (_, n) =>
    packedValue(
      stamp,
      Float32Array.from({ length: 40 }, () => n),
      absent,
      state,
    ),
  )
  const read = values.map((value) => unpacked(value, stamp, absent))
  expect(read.every((vector, n) => vector?.length === 40 && vector.every((feature) => feature === n))).toBe(true)
})
