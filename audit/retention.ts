import { type Digest } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { countSegments, readSegment, segmentName } from '../storage/segmentDisk.js'
import { readHead } from '../storage/segmentFormat.js'
import { entryOffsets } from '../storage/segmentScan.js'
import { decodeEntry, type Entry } from './entry.js'

/** What is known of one segment of the ledger, and how long it is to be kept. */
export type SegmentRetention = {
  readonly segment: string
  readonly entries: number
  /** Of its entries; null where it has none. */
  readonly newest: Instant | null
  /** The packs by which its entries were decided. */
  readonly packs: readonly Digest[]
  /** The longest term of these, or of all where it names none; null where the whole ledger names none. */
  readonly years: number | null
  /**
   * From when on the law lets it go: not before the segments ahead of it. Null for the last, which is still written to,
   * and where no term is known.
   */
  readonly removableFrom: Instant | null
}

/** The same day and time some years later, in UTC; 29 February becomes 1 March. */
const yearsLater = (instant: Instant, years: number): Instant => {
  const date = new Date(instant)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}

type Seen = Pick<SegmentRetention, 'segment' | 'entries' | 'newest' | 'packs'>

const seenIn = (segment: string, entries: readonly Entry[]): Seen => ({
  segment,
  entries: entries.length,
  newest: entries.reduce<Instant | null>((newest, { at }) => Math.max(newest ?? at, at), null),
  packs: [...new Set(entries.flatMap((entry) => ('packDigest' in entry ? (entry.packDigest ?? []) : [])))].sort(),
})

const entriesOf = async (dir: string, number: number): Promise<readonly Entry[]> => {
  const bytes = await readSegment(dir, number)
  return entryOffsets(bytes).flatMap((offset) => {
    const head = readHead(bytes, offset)
    return head === null ? [] : [decodeEntry(bytes.subarray(head.bodyStart, head.end))]
  })
}

/**
 * How long each segment of a log folder is to be kept, by the packs that its entries name. Only tells: a ledger whose
 * segments are removed neither opens nor verifies any more. `yearsOf` gives a pack's term, and rejects where it is lost.
 */
export const retentionOf = async (
  dir: string,
  yearsOf: (pack: Digest) => Promise<number>,
  onSegment: (done: number, total: number) => void = () => undefined,
): Promise<readonly SegmentRetention[]> => {
  const seen: Seen[] = []
  const total = await countSegments(dir)
  for (let number = 1; number <= total; number++) {
    seen.push(seenIn(segmentName(number), await entriesOf(dir, number)))
    onSegment(number, total)
  }
  const terms = new Map<Digest, number>()
  for (const pack of new Set(seen.flatMap(({ packs }) => packs))) terms.set(pack, await yearsOf(pack))
  const longest = (years: readonly number[]): number | null => (years.length === 0 ? null : Math.max(...years))
  let ahead: Instant | null = -Infinity
  return seen.map((segment, place) => {
    const years = longest(segment.packs.flatMap((pack) => terms.get(pack) ?? [])) ?? longest([...terms.values()])
    const { newest } = segment
    ahead = newest === null || years === null || ahead === null ? null : Math.max(ahead, yearsLater(newest, years))
    return { ...segment, years, removableFrom: place === seen.length - 1 ? null : ahead }
  })
}
