import fc from 'fast-check'
import { crc32, plainCrc32 } from './crc32.js'

// "123456789" is the check value of the CRC RevEng catalogue's CRC-32/ISO-HDLC.
test.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['a', 0xe8b7be43],
])('CRC-32 of %j', (text, want) => {
  expect(plainCrc32(Buffer.from(text))).toBe(want)
  expect(crc32(Buffer.from(text))).toBe(want)
})

test('the native one and the table agree, whole and continued', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      const [head, tail] = [bytes.subarray(0, cut), bytes.subarray(cut)]
      expect(plainCrc32(bytes)).toBe(crc32(bytes))
      expect(crc32(tail, crc32(head))).toBe(crc32(bytes))
    }),
  )
})
