import { join } from 'node:path'
import { type LogError } from '../storage/logError.js'
import { type Cut } from '../storage/segmentRecovery.js'
import { openSegments, type SegmentOptions, type Segments } from '../storage/segments.js'
import { decodeEntry, encodeEntry, type Entry, entryIdOf } from './entry.js'
import { openLedgerIndex, type LedgerIndexStore } from './ledgerIndex.js'

/** The segments' folder, which the verifier reads; the index beside it is derived. */
export const logFolder = 'log'

/** An entry's place in the ledger, from 0. */
export type LedgerIndex = number

export type Placed = { readonly index: LedgerIndex; readonly entry: Entry; readonly bytes: Uint8Array }

/** The append-only, hash-chained record of every entry. Format: storage/segmentFormat.ts. */
export type Ledger = {
  /** Resolves once the entry is on the disk. Rejects with LogError or LedgerError: the entry must not be acted on. */
  readonly append: (entry: Entry | Uint8Array) => Promise<LedgerIndex>
  /** Why nothing can be appended until the ledger is opened again; null while it can. */
  readonly failure: () => LogError | null
  /** By its id: `entryIdOf`. */
  readonly get: (entryId: string) => Promise<Placed | null>
  /** Throws LogError `absent` beyond the end. */
  readonly byIndex: (index: LedgerIndex) => Promise<Placed>
  readonly iterate: (from?: LedgerIndex) => AsyncGenerator<Placed>
  readonly size: () => number
  /** The chain over all entries, `sha256:` + hex; of the empty ledger 64 zeros. */
  readonly lastHash: () => string
  /** What opening cut off a torn end; null where nothing was. To be told aloud. */
  readonly cut: Cut | null
  readonly close: () => Promise<void>
}

/** duplicate: an entry of that id is recorded; index: ledger/index disagrees with the segments. */
export class LedgerError extends Error {
  constructor(
    readonly code: 'duplicate' | 'index',
    message: string,
  ) {
    super(message)
    this.name = 'LedgerError'
  }
}

/** Entries decoded between two writings of the index. */
const catchUpBatch = 5000

const catchUp = async (segments: Segments, index: LedgerIndexStore): Promise<void> => {
  for await (const { index: place, bytes } of segments.iterate(index.stored)) {
    index.add(place, entryIdOf(decodeEntry(bytes)))
    if (place % catchUpBatch === catchUpBatch - 1) await index.flush()
  }
}

const openParts = async (dir: string, options: SegmentOptions) => {
  const index = await openLedgerIndex(join(dir, 'index'))
  try {
    // The index never runs ahead of the disk: a ledger shorter than it has lost entries that were answered.
    const segments = await openSegments(join(dir, logFolder), { ...options, atLeast: index.stored })
    await catchUp(segments, index).catch(async (error: unknown) => {
      await segments.close()
      throw error
    })
    return { index, segments }
  } catch (error) {
    await index.close()
    throw error
  }
}

/** Opens the ledger of a directory for this process alone. Throws LogError: `held`, `damaged`, `shorter`. */
export const openLedger = async (dir: string, options: SegmentOptions = {}): Promise<Ledger> => {
  const { index, segments } = await openParts(dir, options)
  const underWay = new Set<string>()

  const appendNew = async (entryId: string, bytes: Uint8Array): Promise<LedgerIndex> => {
    if (underWay.has(entryId) || index.find(entryId) !== undefined)
      throw new LedgerError('duplicate', `entry ${entryId} is recorded already: give a new id`)
    underWay.add(entryId)
    try {
      const place = await segments.append(bytes)
      index.add(place, entryId)
      return place
    } finally {
      underWay.delete(entryId)
    }
  }

  const append = async (given: Entry | Uint8Array): Promise<LedgerIndex> => {
    const [entry, bytes] = given instanceof Uint8Array ? [decodeEntry(given), given] : [given, encodeEntry(given)]
    return appendNew(entryIdOf(entry), bytes)
  }

  const byIndex = async (place: LedgerIndex): Promise<Placed> => {
    const bytes = await segments.read(place)
    return { index: place, entry: decodeEntry(bytes), bytes }
  }

  const get = async (entryId: string): Promise<Placed | null> => {
    const place = index.find(entryId)
    if (place === undefined) return null
    const found = await byIndex(place)
    if (entryIdOf(found.entry) !== entryId)
      throw new LedgerError(
        'index',
        'ledger/index disagrees with the segments: stop, delete that directory, start again',
      )
    return found
  }

  async function* iterate(from: LedgerIndex = 0): AsyncGenerator<Placed> {
    for await (const { index: place, bytes } of segments.iterate(from)) {
      yield { index: place, entry: decodeEntry(bytes), bytes }
    }
  }

  return {
    append,
    failure: segments.failure,
    get,
    byIndex,
    iterate,
    size: () => segments.committed().count,
    lastHash: () => `sha256:${segments.committed().chain.toString('hex')}`,
    cut: segments.cut,
    close: async () => {
      await segments.close()
      await index.close()
    },
  }
}
