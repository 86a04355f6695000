import { readHead } from '../storage/segmentFormat.js'
import { countSegments, readSegment } from '../storage/segmentDisk.js'
import { entryOffsets } from '../storage/segmentScan.js'
import { decodeEntry, type Entry, entryIdOf } from './entry.js'
import { packWalk } from './rules/packWalk.js'

/** An entry that names what was not entered before it. */
export type Unentered = {
  readonly index: number
  readonly entryId: string
  readonly what: 'release' | 'catalogue' | 'rule pack'
}

export type EnteredBefore = {
  /** Entries that name a release or a catalogue. */
  readonly judged: number
  /** Of these, all that stand before the first activation: earlier versions entered none. */
  readonly beforeFirst: number
  readonly unentered: readonly Unentered[]
}

type Placed = { readonly index: number; readonly entry: Entry }

/**
 * Whether each entry's release and catalogue were entered before it, by their places in the ledger. A catalogue as of
 * an instant (`knownBefore`) is made of the revisions up to its own, so that one as new must have been entered. And
 * whether each entry's rule pack was in force at its instant: audit/rules/packWalk.ts.
 */
export async function enteredBefore(entries: AsyncIterable<Placed> | Iterable<Placed>): Promise<EnteredBefore> {
  const releases = new Set<string>()
  const catalogues = new Set<string>()
  let newest = -1
  let [judged, beforeFirst] = [0, 0]
  const unentered: Unentered[] = []
  const packHolds = packWalk()
  for await (const { index, entry } of entries) {
    const found = { index, entryId: entryIdOf(entry) }
    if (!packHolds(entry)) unentered.push({ ...found, what: 'rule pack' })
    if (entry.type === 'release-activation') releases.add(entry.release)
    if (entry.type === 'catalogue-revision') {
      catalogues.add(`${entry.revision} ${entry.digest}`)
      newest = Math.max(newest, entry.revision)
    }
    if (!('catalogue' in entry)) continue
    judged += 1
    if (newest === -1 && releases.size === 0) {
      beforeFirst += 1
      continue
    }
    const { revision, digest, knownBefore } = entry.catalogue
    const known = knownBefore === null ? catalogues.has(`${revision} ${digest}`) : revision <= newest
    if (!known) unentered.push({ ...found, what: 'catalogue' })
    if ('release' in entry && !releases.has(entry.release)) unentered.push({ ...found, what: 'release' })
  }
  return { judged, beforeFirst, unentered }
}

/** The entries of a log folder that was verified, without opening the ledger: a copy will do. */
export async function* entriesIn(dir: string): AsyncGenerator<Placed> {
  let index = 0
  for (let number = 1; number <= (await countSegments(dir)); number++) {
    const bytes = await readSegment(dir, number)
    for (const offset of entryOffsets(bytes)) {
      const head = readHead(bytes, offset)
      if (head === null) throw new Error(`segment ${number} ends within a record: verify it first`)
      yield { index: index++, entry: decodeEntry(bytes.subarray(head.bodyStart, head.end)) }
    }
  }
}
