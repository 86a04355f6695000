import { hash } from 'node:crypto'
import { crc32 } from './crc32.js'

/**
 * A segment file, integers big-endian:
 *
 *   header, 60 bytes: magic "APTUSLOG" · version u16 = 1 · header length u16 = 60 · segment number u32, from 1 ·
 *     index of its first record u64 · chain before it, 32 bytes · CRC-32 of the 56 bytes before
 *   then records: a head of 48 bytes and a body:
 *     kind u8 (1 entry, 2 commit marker) · body length u24 · index u64 · chain after it, 32 bytes ·
 *     CRC-32 of the 44 bytes before and the body
 *
 * An entry's index counts from 0 over all segments. A marker has no body; its index is the count of entries so far, its
 * chain the last entry's. Leaf = SHA-256(0x00 ‖ body), as RFC 9162 hashes leaves; chain = SHA-256(0x02 ‖ chain before ‖
 * leaf), 32 zero bytes before the first: 0x01 is left to the Merkle tree's inner nodes.
 */
export const magic = 'APTUSLOG'
export const formatVersion = 1
export const headerLength = 60
export const headLength = 48
export const maxBodyLength = 0xffffff
export const entryKind = 1
export const markerKind = 2
/** The chain before the first record. */
export const genesis: Buffer = Buffer.alloc(32)

/** u64 from and to a safe integer: its top 16 bits are always 0. */
const writeU64 = (bytes: Buffer, value: number, offset: number): void => {
  bytes.writeUInt16BE(0, offset)
  bytes.writeUIntBE(value, offset + 2, 6)
}
const readU64 = (bytes: Buffer, offset: number): number => Number(bytes.readBigUInt64BE(offset))

/** SHA-256(0x00 ‖ body): RFC 9162 §2.1.1. */
export const leafHash = (body: Uint8Array): Buffer => {
  const bytes = Buffer.allocUnsafe(body.length + 1)
  bytes[0] = 0
  bytes.set(body, 1)
  return hash('sha256', bytes, 'buffer')
}

/** The chain after a record, from the chain before it and its leaf. */
export const chainAfter = (before: Uint8Array, leaf: Uint8Array): Buffer => {
  const bytes = Buffer.allocUnsafe(65)
  bytes[0] = 2
  bytes.set(before, 1)
  bytes.set(leaf, 33)
  return hash('sha256', bytes, 'buffer')
}

/** What a segment's header says. */
export type SegmentHeader = { readonly number: number; readonly firstIndex: number; readonly chain: Buffer }

export const encodeHeader = ({ number, firstIndex, chain }: SegmentHeader): Buffer => {
  const bytes = Buffer.alloc(headerLength)
  bytes.write(magic, 0, 'latin1')
  bytes.writeUInt16BE(formatVersion, 8)
  bytes.writeUInt16BE(headerLength, 10)
  bytes.writeUInt32BE(number, 12)
  writeU64(bytes, firstIndex, 16)
  bytes.set(chain, 24)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 56)), 56)
  return bytes
}

/** The header, or what is wrong with it. */
export const decodeHeader = (bytes: Buffer): SegmentHeader | string => {
  if (bytes.length < headerLength) return `the header has ${bytes.length} bytes of ${headerLength}`
  if (bytes.toString('latin1', 0, 8) !== magic) return `the file does not begin with ${magic}`
  if (crc32(bytes.subarray(0, 56)) !== bytes.readUInt32BE(56)) return 'the header does not match its CRC'
  if (bytes.readUInt16BE(8) !== formatVersion) return `format version ${bytes.readUInt16BE(8)}, want ${formatVersion}`
  if (bytes.readUInt16BE(10) !== headerLength) return `a header of ${bytes.readUInt16BE(10)} bytes is not known`
  return { number: bytes.readUInt32BE(12), firstIndex: readU64(bytes, 16), chain: bytes.subarray(24, 56) }
}

/** A record's head; `end` is the offset after its body. */
export type RecordHead = {
  readonly kind: number
  readonly index: number
  readonly chain: Buffer
  readonly bodyStart: number
  readonly end: number
}

/** Writes one record at `offset` of `into`; returns the offset after it. */
export const writeRecord = (
  into: Buffer,
  offset: number,
  record: { readonly kind: number; readonly index: number; readonly chain: Buffer; readonly body: Uint8Array },
): number => {
  const end = offset + headLength + record.body.length
  into.writeUInt8(record.kind, offset)
  into.writeUIntBE(record.body.length, offset + 1, 3)
  writeU64(into, record.index, offset + 4)
  into.set(record.chain, offset + 12)
  into.set(record.body, offset + headLength)
  const crc = crc32(into.subarray(offset + headLength, end), crc32(into.subarray(offset, offset + 44)))
  into.writeUInt32BE(crc, offset + 44)
  return end
}

/** The head at `offset`, unchecked; null where the file ends before the record does. */
export const readHead = (bytes: Buffer, offset: number): RecordHead | null => {
  if (offset + headLength > bytes.length) return null
  const end = offset + headLength + bytes.readUIntBE(offset + 1, 3)
  if (end > bytes.length) return null
  return {
    kind: bytes.readUInt8(offset),
    index: readU64(bytes, offset + 4),
    chain: bytes.subarray(offset + 12, offset + 44),
    bodyStart: offset + headLength,
    end,
  }
}

/** Whether the record's bytes match its CRC. */
export const crcHolds = (bytes: Buffer, offset: number, end: number): boolean =>
  crc32(bytes.subarray(offset + headLength, end), crc32(bytes.subarray(offset, offset + 44))) ===
  bytes.readUInt32BE(offset + 44)
