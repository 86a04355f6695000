import { type FileHandle } from 'node:fs/promises'
import { createSegment, type SegmentDisk } from './segmentDisk.js'
import {
  chainAfter,
  entryKind,
  headerLength,
  headLength,
  leafHash,
  markerKind,
  writeRecord,
  type SegmentHeader,
} from './segmentFormat.js'
import { type Recovered } from './segmentRecovery.js'
import { type Position } from './segmentScan.js'

/** Writes groups of records behind the last marker, and rotates. After an error it must not be used again. */
export type SegmentWriter = {
  readonly committed: () => Position
  /** Segments' headers, and the offsets of the entries in those that this process wrote or scanned, kept up to date. */
  readonly headers: readonly SegmentHeader[]
  readonly offsets: Map<number, number[]>
  /** Where the next group goes, in the last segment. */
  readonly end: () => number
  /** One write, one fdatasync; resolves to the first record's index and the leaf of each. */
  readonly write: (group: readonly Uint8Array[]) => Promise<{ readonly first: number; readonly leaves: Buffer[] }>
  readonly close: () => Promise<void>
}

/** A group's bytes, entries and the commit marker after them, where each entry begins in them, and its leaf. */
const encodeGroup = (group: readonly Uint8Array[], start: Position) => {
  const bytes = Buffer.allocUnsafe(group.reduce((sum, record) => sum + headLength + record.length, headLength))
  let [at, offset] = [start, 0]
  const offsets: number[] = []
  const leaves: Buffer[] = []
  for (const record of group) {
    const leaf = leafHash(record)
    const chain = chainAfter(at.chain, leaf)
    leaves.push(leaf)
    offsets.push(offset)
    offset = writeRecord(bytes, offset, { kind: entryKind, index: at.count, chain, body: record })
    at = { count: at.count + 1, chain }
  }
  writeRecord(bytes, offset, { kind: markerKind, index: at.count, chain: at.chain, body: new Uint8Array() })
  return { bytes, offsets, leaves, end: at }
}

/** Continues a log where its recovery ended. */
export const segmentWriter = (
  dir: string,
  recovered: Recovered,
  rotateBytes: number,
  disk: SegmentDisk,
): SegmentWriter => {
  const headers = [...recovered.headers]
  let file: FileHandle = recovered.file
  let size = recovered.cut?.offset ?? recovered.scan.markerEnd
  let committed = recovered.scan.committed
  let places = [...recovered.scan.offsets]
  const offsets = new Map([[headers.length, places]])

  const rotate = async (): Promise<void> => {
    await disk.sync(file)
    const header = { number: headers.length + 1, firstIndex: committed.count, chain: committed.chain }
    const next = await createSegment(dir, header, disk)
    const sealed = file
    file = next
    size = headerLength
    places = []
    headers.push(header)
    offsets.set(header.number, places)
    await sealed.close()
  }

  const write: SegmentWriter['write'] = async (group) => {
    if (size >= rotateBytes && places.length > 0) await rotate()
    const first = committed.count
    const encoded = encodeGroup(group, committed)
    await disk.write(file, encoded.bytes, size)
    await disk.datasync(file)
    for (const offset of encoded.offsets) places.push(size + offset)
    size += encoded.bytes.length
    committed = encoded.end
    return { first, leaves: encoded.leaves }
  }

  return { headers, offsets, committed: () => committed, write, close: () => file.close(), end: () => size }
}
