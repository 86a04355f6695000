import {
  chainAfter,
  crcHolds,
  decodeHeader,
  entryKind,
  headerLength,
  headLength,
  leafHash,
  markerKind,
  readHead,
  type RecordHead,
} from './segmentFormat.js'

/** Where a log stands before a segment or after it. */
export type Position = { readonly count: number; readonly chain: Buffer }

/** What is wrong at an offset of a segment, and which record it would have been. */
export type ScanFault = { readonly offset: number; readonly index: number; readonly what: string }

/** A segment read whole: its committed records, and what follows the last commit marker. */
export type Scan = {
  /** Offset of each committed entry's head, in order; the first has the segment's first index. */
  readonly offsets: readonly number[]
  /** After the last valid marker; the header's end where there is none. */
  readonly markerEnd: number
  /** After the marker before it: what the last group wrote begins here. */
  readonly lastGroupStart: number
  readonly committed: Position
  /** The first thing that does not check. */
  readonly fault: ScanFault | null
}

const faultOf = (bytes: Buffer, offset: number, head: RecordHead | null, at: Position): string | null => {
  if (head === null) return 'the file ends within a record'
  if (!crcHolds(bytes, offset, head.end)) return 'a record does not match its CRC'
  if (head.kind !== entryKind && head.kind !== markerKind) return `a record of unknown kind ${head.kind}`
  if (head.index !== at.count) return `record ${head.index} stands where ${at.count} belongs`
  if (head.kind === markerKind && (head.end !== head.bodyStart || !head.chain.equals(at.chain)))
    return 'a commit marker does not match the records before it'
  return null
}

/** Reads a segment's records from `start` on, checking every one. */
const scanRecords = (bytes: Buffer, start: Position): Scan => {
  let at = start
  let committed = start
  let offset = headerLength
  let markerEnd = headerLength
  let lastGroupStart = headerLength
  const offsets: number[] = []
  const stop = (what: string | null): Scan => ({
    offsets: offsets.slice(0, committed.count - start.count),
    markerEnd,
    lastGroupStart,
    committed,
    fault: what === null ? null : { offset, index: at.count, what },
  })
  while (offset < bytes.length) {
    const head = readHead(bytes, offset)
    const fault = faultOf(bytes, offset, head, at)
    if (head === null || fault !== null) return stop(fault)
    if (head.kind === entryKind) {
      const chain = chainAfter(at.chain, leafHash(bytes.subarray(head.bodyStart, head.end)))
      if (!chain.equals(head.chain)) return stop('a record does not match the hash chain')
      offsets.push(offset)
      at = { count: at.count + 1, chain }
    } else {
      lastGroupStart = markerEnd
      markerEnd = head.end
      committed = at
    }
    offset = head.end
  }
  return stop(offset === markerEnd ? null : 'records without a commit marker')
}

/** Reads a segment that should begin at `start`, checking header, CRCs, indices, chain and markers. */
export const scanSegment = (bytes: Buffer, number: number, start: Position): Scan => {
  const header = decodeHeader(bytes)
  const refuse = (what: string): Scan => ({
    offsets: [],
    markerEnd: 0,
    lastGroupStart: 0,
    committed: start,
    fault: { offset: 0, index: start.count, what },
  })
  if (typeof header === 'string') return refuse(header)
  if (header.number !== number) return refuse(`the header says segment ${header.number}`)
  if (header.firstIndex !== start.count || !header.chain.equals(start.chain))
    return refuse('the header does not follow from the segment before')
  return scanRecords(bytes, start)
}

/** Whether any byte from `from` on begins a valid commit marker: then what lies before it is damage, not a torn tail. */
export const hasMarkerAfter = (bytes: Buffer, from: number): boolean => {
  for (let offset = bytes.indexOf(markerKind, from); offset !== -1; offset = bytes.indexOf(markerKind, offset + 1)) {
    if (offset + headLength > bytes.length) return false
    if (bytes.readUIntBE(offset + 1, 3) === 0 && crcHolds(bytes, offset, offset + headLength)) return true
  }
  return false
}

/** Offsets of all entries of a sealed segment, by its heads alone: bodies are checked when they are read. */
export const entryOffsets = (bytes: Buffer): number[] => {
  const offsets: number[] = []
  let head = readHead(bytes, headerLength)
  for (let offset = headerLength; head !== null; head = readHead(bytes, offset)) {
    if (head.kind === entryKind) offsets.push(offset)
    offset = head.end
  }
  return offsets
}
