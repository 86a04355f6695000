import { stateAfterPacked, withPacked } from './packedVector.js'

/**
 * A stored value that begins with the features as they were computed for a day: little-endian, 64 bits aligned.
 *
 *     5                      1 byte, then 3 of 0
 *     day                    int32: the day (UTC) that they stand for
 *     stamp                  8 bytes: of what they were computed by
 *     features               n × Float32 (`storedFeatures`)
 *     state                  as without them (codec.ts)
 */
export const withVector = 5
const head = 16

/** What a vector stands for: a day (UTC), and a digest over definitions and catalogue, of which 8 bytes are compared. */
export type Stamp = { readonly day: number; readonly digest: Uint8Array; readonly width: number }

export function valueWithVector({ day, digest }: Stamp, vector: Float32Array, state: Uint8Array): Uint8Array {
  const value = Buffer.alloc(head + vector.byteLength + state.length)
  value[0] = withVector
  value.writeInt32LE(day, 4)
  value.set(digest.subarray(0, 8), 8)
  for (const [column, feature] of vector.entries()) value.writeFloatLE(feature, head + 4 * column)
  value.set(state, head + vector.byteLength)
  return value
}

/** The state's bytes of a stored value, with or without a vector. `width`: of the vectors that are written. */
export function stateBytes(value: Uint8Array, width: number): Uint8Array {
  if (value[0] === withPacked) return stateAfterPacked(value)
  return value[0] === withVector ? value.subarray(head + 4 * width) : value
}

/** [n], a view of the value's bytes where they are aligned; null where the value has no vector, or one of another day or computed by something else. */
export function vectorIn(value: Uint8Array, { day, digest, width }: Stamp): Float32Array | null {
  if (value[0] !== withVector) return null
  for (let byte = 0; byte < 4; byte += 1) if (value[4 + byte] !== ((day >> (8 * byte)) & 0xff)) return null
  for (let byte = 0; byte < 8; byte += 1) if (value[8 + byte] !== digest[byte]) return null
  const from = value.byteOffset + head
  if (!isLittleEndian) return swapped(value, width)
  return from % 4 === 0 ? new Float32Array(value.buffer, from, width) : aligned(value, width)
}

function aligned(value: Uint8Array, width: number): Float32Array {
  const vector = new Float32Array(width)
  new Uint8Array(vector.buffer).set(new Uint8Array(value.buffer, value.byteOffset + head, 4 * width))
  return vector
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

function swapped(value: Uint8Array, width: number): Float32Array {
  const view = new DataView(value.buffer, value.byteOffset + head, 4 * width)
  return Float32Array.from({ length: width }, (_, column) => view.getFloat32(4 * column, true))
}
