import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * An independent reading of the log's files. It shares no code with the writer: it was written from the layout in
 * storage/segmentFormat.ts, checks every byte, and never repairs.
 */
export type Fault = { readonly segment: string; readonly offset: number; readonly index: number; readonly what: string }
export type Verification = {
  readonly segments: number
  readonly entries: number
  /** Chain over the entries that hold, hexadecimal. */
  readonly head: string
  readonly faults: readonly Fault[]
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1
  return crc
})

/** CRC-32 of ISO-HDLC, as in PNG and gzip. */
function crc32(...parts: readonly Uint8Array[]): number {
  let crc = 0xffff_ffff
  for (const part of parts) for (const byte of part) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

const fileName = /^(\d{8})\.seg$/

/** What has been read and holds so far, and the first fault after it. */
type Reading = { readonly entries: number; readonly chain: Buffer; readonly faults: readonly Fault[] }
const start: Reading = { entries: 0, chain: Buffer.alloc(32), faults: [] }

/** Checks all segments of a ledger's log folder; no fault means that every entry is as it was written, in its place. */
export async function verifyLog(dir: string, onSegment?: (done: number, total: number) => void): Promise<Verification> {
  const names = (await readdir(dir)).filter((name) => fileName.test(name)).sort()
  let reading = start
  for (const [place, name] of names.entries()) {
    reading = verifySegment(reading, place + 1, name, await readFile(join(dir, name)))
    // After a fault nothing that follows can be trusted to stand in its place.
    if (reading.faults.length > 0) break
    onSegment?.(place + 1, names.length)
  }
  return {
    segments: names.length,
    entries: reading.entries,
    head: reading.chain.toString('hex'),
    faults: reading.faults,
  }
}

/** Goes on from what was read before with segment `number`. */
export function verifySegment(before: Reading, number: number, segment: string, bytes: Buffer): Reading {
  const missing = Number(segment.slice(0, 8)) !== number
  const found: Found = missing
    ? {
        ...before,
        faults: [{ offset: 0, index: before.entries, what: `segment number ${number} is missing before it` }],
      }
    : readSegment(bytes, number, before.entries, before.chain)
  return { entries: found.entries, chain: found.chain, faults: found.faults.map((fault) => ({ segment, ...fault })) }
}

type Found = { chain: Buffer; entries: number; faults: Omit<Fault, 'segment'>[] }

function readSegment(bytes: Buffer, number: number, entries: number, chain: Buffer): Found {
  const found: Found = { chain, entries, faults: [] }
  const fault = (offset: number, what: string): Found => {
    found.faults.push({ offset, index: found.entries, what })
    return found
  }
  const header = headerFault(bytes, number, entries, chain)
  if (header !== null) return fault(0, header)
  let offset = 60
  let uncommitted = 0
  while (offset < bytes.length) {
    if (offset + 48 > bytes.length) return fault(offset, `${bytes.length - offset} bytes that are no record`)
    const kind = bytes[offset]
    const length = bytes.readUIntBE(offset + 1, 3)
    const end = offset + 48 + length
    if (end > bytes.length) return fault(offset, 'the record is longer than its file')
    const body = bytes.subarray(offset + 48, end)
    const index = bytes.readBigUInt64BE(offset + 4)
    const stated = bytes.subarray(offset + 12, offset + 44)
    const crc = crc32(bytes.subarray(offset, offset + 44), body)
    if (crc !== bytes.readUInt32BE(offset + 44)) return fault(offset, 'the record does not match its CRC')
    if (index !== BigInt(found.entries)) return fault(offset, `index ${index}, want ${found.entries}`)
    if (kind === 1) {
      const leaf = sha256(Uint8Array.of(0), body)
      const next = sha256(Uint8Array.of(2), found.chain, leaf)
      if (!next.equals(stated)) return fault(offset, 'the entry does not follow from the chain before it')
      found.chain = next
      found.entries += 1
      uncommitted += 1
    } else if (kind === 2) {
      if (length !== 0) return fault(offset, 'a commit marker with a body')
      if (!stated.equals(found.chain)) return fault(offset, 'the commit marker names another chain')
      uncommitted = 0
    } else return fault(offset, `a record of unknown kind ${kind}`)
    offset = end
  }
  return uncommitted === 0 ? found : fault(offset, `${uncommitted} entries after the last commit marker`)
}

function headerFault(bytes: Buffer, number: number, entries: number, chain: Buffer): string | null {
  if (bytes.length < 60) return `a header of ${bytes.length} bytes, want 60`
  if (bytes.toString('latin1', 0, 8) !== 'APTUSLOG') return 'the file does not begin with APTUSLOG'
  if (crc32(bytes.subarray(0, 56)) !== bytes.readUInt32BE(56)) return 'the header does not match its CRC'
  if (bytes.readUInt16BE(8) !== 1 || bytes.readUInt16BE(10) !== 60) return 'a format version that is not known'
  if (bytes.readUInt32BE(12) !== number) return `segment number ${bytes.readUInt32BE(12)}, want ${number}`
  if (bytes.readBigUInt64BE(16) !== BigInt(entries)) return `first index ${bytes.readBigUInt64BE(16)}, want ${entries}`
  if (!bytes.subarray(24, 56).equals(chain)) return 'it does not follow from the segment before it'
  return null
}
