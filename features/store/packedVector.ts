import { type Stamp } from './vectorValue.js'

/**
 * A stored value that begins with the features as they were computed for a day, packed:
 *
 *     7                      1 byte
 *     day                    2 bytes, the low one first: of the day (UTC) that they stand for
 *     stamp                  6 bytes: of what they were computed by
 *     size                   2 bytes, the low one first: of what follows up to the state
 *     present                a bit a feature, the first the lowest: 0 where it is what it is where nothing is known
 *     features               the others: a whole number twice, seven bits a byte, the low ones first; or 1, and Float32
 *     state                  as without them (codec.ts)
 */
export const withPacked = 7
const [stampAt, sizeAt, head] = [3, 9, 11] as const
/** Larger ones are shorter, or exact, as Float32. */
const wholeBelow = 2 ** 27

const isWhole = (feature: number): boolean =>
  Number.isInteger(feature) && feature >= 0 && feature < wholeBelow && !Object.is(feature, -0)

/** `absent`: [n], what most features are of somebody of whom nothing is known. */
export function packedValue(stamp: Stamp, vector: Float32Array, absent: Float32Array, state: Uint8Array): Uint8Array {
  const bits = Math.ceil(vector.length / 8)
  const value = Buffer.alloc(head + bits + 5 * vector.length + state.length)
  value[0] = withPacked
  value.writeUInt16LE(stamp.day & 0xffff, 1)
  value.set(stamp.digest.subarray(0, 6), stampAt)
  let at = head + bits
  for (const [column, feature] of vector.entries()) {
    if (Object.is(feature, absent[column])) continue
    value[head + (column >> 3)] = (value[head + (column >> 3)] ?? 0) | (1 << (column & 7))
    if (isWhole(feature)) at = writeWhole(value, 2 * feature, at)
    else {
      value[at] = 1
      at = value.writeFloatLE(feature, at + 1)
    }
  }
  value.writeUInt16LE(at - head, sizeAt)
  value.set(state, at)
  return value.subarray(0, at + state.length)
}

function writeWhole(value: Uint8Array, whole: number, from: number): number {
  let [rest, at] = [whole, from]
  for (; rest >= 0x80; rest >>>= 7) value[at++] = (rest & 0x7f) | 0x80
  value[at++] = rest
  return at
}

const sizeIn = (value: Uint8Array): number => (value[sizeAt] ?? 0) + 256 * (value[sizeAt + 1] ?? 0)

/** The state's bytes of a value that begins with packed features. */
export const stateAfterPacked = (value: Uint8Array): Uint8Array => value.subarray(head + sizeIn(value))

/** [n]; null where the features are of another day or computed by something else. */
export function unpacked(value: Uint8Array, { day, digest }: Stamp, absent: Float32Array): Float32Array | null {
  if (value[1] !== (day & 0xff) || value[2] !== ((day >> 8) & 0xff)) return null
  for (let byte = 0; byte < 6; byte += 1) if (value[stampAt + byte] !== digest[byte]) return null
  const vector = floats(absent.length)
  let at = head + Math.ceil(absent.length / 8)
  for (let column = 0; column < absent.length; column += 1) {
    if (((value[head + (column >> 3)] ?? 0) & (1 << (column & 7))) === 0) {
      vector[column] = absent[column] ?? 0
      continue
    }
    let byte = value[at++] ?? 0
    if (byte === 1) {
      for (let n = 0; n < 4; n += 1) fourBytes[n] = value[at + n] ?? 0
      vector[column] = asFloat.getFloat32(0, true)
      at += 4
      continue
    }
    let whole = byte & 0x7f
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = value[at++] ?? 0
      whole |= (byte & 0x7f) << shift
    }
    vector[column] = whole >>> 1
  }
  return vector
}

const fourBytes = new Uint8Array(4)
const asFloat = new DataView(fourBytes.buffer)

/** Vectors lie side by side: memory of its own would cost each more than its reading. */
const slabBytes = 16_384
let slab = new ArrayBuffer(slabBytes)
let taken = 0

function floats(width: number): Float32Array {
  const size = 4 * width
  if (taken + size > slab.byteLength) {
    slab = new ArrayBuffer(Math.max(slabBytes, size))
    taken = 0
  }
  taken += size
  return new Float32Array(slab, taken - size, width)
}
