import { open, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { LogError } from './logError.js'
import {
  countSegments,
  createSegment,
  readHeaderBytes,
  readRange,
  readSegment,
  segmentName,
  syncDirectory,
  type SegmentDisk,
} from './segmentDisk.js'
import {
  crcHolds,
  decodeHeader,
  genesis,
  headerLength,
  headLength,
  markerKind,
  readHead,
  type SegmentHeader,
} from './segmentFormat.js'
import { hasMarkerAfter, scanSegment, type Position, type Scan } from './segmentScan.js'

/** What was cut off a log's end when it was opened: a group that was being written when the process or machine died. */
export type Cut = {
  readonly segment: string
  readonly offset: number
  readonly bytes: number
  /** The file beside the segment that keeps the bytes. */
  readonly keptIn: string
  readonly words: string
}

/** The last segment, open for writing, and where every segment begins. */
export type Recovered = {
  readonly file: FileHandle
  readonly headers: readonly SegmentHeader[]
  readonly scan: Scan
  readonly cut: Cut | null
}

const damaged = (number: number, offset: number, index: number, what: string): LogError =>
  new LogError(
    'damaged',
    `${segmentName(number)} offset ${offset}, record ${index}: ${what}. ` +
      'Nothing was changed: keep the files, find every fault with `aptus audit verify`, restore the segment from a backup',
  )

/** A sealed segment ends with a commit marker, which says where the log stood. */
const endOfSealed = async (dir: string, number: number): Promise<Position> => {
  const { size } = await stat(join(dir, segmentName(number)))
  const offset = Math.max(0, size - headLength)
  const bytes = await readRange(dir, number, offset, headLength)
  const head = readHead(bytes, 0)
  if (head?.kind !== markerKind || head.end !== headLength || !crcHolds(bytes, 0, headLength))
    throw damaged(number, offset, 0, 'the segment is followed by another, but does not end with a commit marker')
  return { count: head.index, chain: head.chain }
}

/** Headers of all segments; each must follow from the commit marker that ends the segment before. */
const readHeaders = async (dir: string, segments: number): Promise<SegmentHeader[]> => {
  const headers: SegmentHeader[] = []
  for (let number = 1; number <= segments; number++) {
    const header = decodeHeader(await readHeaderBytes(dir, number))
    if (typeof header === 'string') throw damaged(number, 0, 0, header)
    const before = number === 1 ? { count: 0, chain: genesis } : await endOfSealed(dir, number - 1)
    const follows = header.firstIndex === before.count && header.chain.equals(before.chain)
    if (header.number !== number || !follows)
      throw damaged(number, 0, header.firstIndex, 'the header does not follow from the segment before')
    headers.push(header)
  }
  return headers
}

/** Scans the last segment. Throws `damaged` where a valid marker follows the fault. */
const scanLast = (bytes: Buffer, header: SegmentHeader): Scan => {
  const scan = scanSegment(bytes, header.number, { count: header.firstIndex, chain: header.chain })
  if (scan.fault !== null && (scan.markerEnd === 0 || hasMarkerAfter(bytes, scan.fault.offset)))
    throw damaged(header.number, scan.fault.offset, scan.fault.index, scan.fault.what)
  return scan
}

/** Refuses a log with fewer records than the caller once saw committed: that is no torn tail. */
const refuseShorter = (scan: Scan, atLeast: number, number: number): void => {
  if (scan.committed.count >= atLeast) return
  throw new LogError(
    'shorter',
    `${segmentName(number)} offset ${scan.markerEnd}: the log ends at ${scan.committed.count} records, ` +
      `but ${atLeast} were committed. Nothing was changed: restore the segments from a backup`,
  )
}

/** A file beside the segment that does not exist yet: an earlier cut is never written over. */
const openTornFile = async (dir: string, segment: string): Promise<{ name: string; file: FileHandle }> => {
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? `${segment}.torn` : `${segment}.${attempt}.torn`
    try {
      return { name, file: await open(join(dir, name), 'wx') }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Moves what follows the last marker into a `.torn` file, durably, and only then cuts it off the segment. */
const cutTail = async (
  dir: string,
  number: number,
  file: FileHandle,
  bytes: Buffer,
  scan: Scan,
  disk: SegmentDisk,
): Promise<Cut> => {
  const segment = segmentName(number)
  const tail = bytes.subarray(scan.markerEnd)
  const torn = await openTornFile(dir, segment)
  try {
    await disk.write(torn.file, tail, 0)
    await disk.sync(torn.file)
  } finally {
    await torn.file.close()
  }
  await syncDirectory(dir, disk)
  await file.truncate(scan.markerEnd)
  await disk.sync(file)
  const what = scan.fault?.what ?? 'bytes after the last commit marker'
  const words =
    `${segment}: ${tail.length} bytes after the last commit marker (offset ${scan.markerEnd}, ` +
    `record ${scan.committed.count}) were cut: ${what}. They were never answered; ${torn.name} keeps them`
  return { segment, offset: scan.markerEnd, bytes: tail.length, keptIn: torn.name, words }
}

/**
 * Opens the log's last segment for writing, making the first where there is none. Cuts a torn tail; refuses damage
 * before the last marker, and a log shorter than `atLeast` records, leaving every file as it was.
 */
export const recover = async (dir: string, atLeast: number, disk: SegmentDisk): Promise<Recovered> => {
  const number = await countSegments(dir)
  if (number === 0) {
    const first = { number: 1, firstIndex: 0, chain: genesis }
    const empty = { count: 0, chain: genesis }
    const scan = { offsets: [], markerEnd: headerLength, lastGroupStart: headerLength, committed: empty, fault: null }
    refuseShorter(scan, atLeast, 1)
    return { file: await createSegment(dir, first, disk), headers: [first], scan, cut: null }
  }
  const headers = await readHeaders(dir, number)
  const bytes = await readSegment(dir, number)
  const scan = scanLast(bytes, headers.at(-1) ?? { number, firstIndex: 0, chain: genesis })
  refuseShorter(scan, atLeast, number)
  const file = await open(join(dir, segmentName(number)), 'r+')
  try {
    const cut = bytes.length > scan.markerEnd ? await cutTail(dir, number, file, bytes, scan, disk) : null
    // After a failed sync the page cache may show bytes that the disk never took: the last group is written again.
    await disk.write(file, bytes.subarray(scan.lastGroupStart, scan.markerEnd), scan.lastGroupStart)
    await disk.datasync(file)
    return { file, headers, scan, cut }
  } catch (error) {
    await file.close()
    throw error
  }
}
