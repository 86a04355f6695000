import * as zlib from 'node:zlib'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/** CRC-32 (ISO 3309, reflected polynomial 0xEDB88320) by table: the plain twin of zlib's. `seed`: the CRC so far. */
export const plainCrc32 = (bytes: Uint8Array, seed = 0): number => {
  let remainder = ~seed
  for (const byte of bytes) remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8)
  return ~remainder >>> 0
}

/** CRC-32 of bytes, an unsigned 32-bit integer. Node has it natively from 20.15; before that, the table. */
export const crc32: (bytes: Uint8Array, seed?: number) => number =
  typeof zlib.crc32 === 'function' ? (bytes, seed = 0) => zlib.crc32(bytes, seed) : plainCrc32
