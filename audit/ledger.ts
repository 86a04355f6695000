import { join } from 'node:path'
import { type DecisionId } from '../features/schema/ids.js'
import { type Lmdb, openLmdb } from '../storage/lmdb.js'
import { openSegments, type SegmentOptions } from '../storage/segments.js'
import { type Cut } from '../storage/segmentRecovery.js'
import { decodeEntry, encodeEntry, type Entry } from './entry.js'

/** Place of an entry in the ledger, from 0. */
export type LedgerIndex = number

/**
 * The decision ledger: canonical entries in an append-only, hash-chained log (storage/segmentFormat.ts), and an index
 * from decision ids to places. The index is derived: what a crash kept from it is read from the log at the next start.
 */
export type Ledger = {
  /** Durable when resolved. Rejects with LogError, and then nothing may be answered. */
  readonly append: (entry: Entry) => Promise<LedgerIndex>
  readonly byIndex: (index: LedgerIndex) => Promise<Entry>
  readonly indexOf: (decisionId: DecisionId) => LedgerIndex | null
  readonly size: () => number
  /** Hash chain over all entries, hexadecimal. */
  readonly head: () => string
  /** What was cut off at opening: bytes after the last commit, of answers that nobody got; null where nothing was. */
  readonly cut: Cut | null
  readonly close: () => Promise<void>
}

/** The log's folder, which the verifier reads. */
export const logFolder = 'log'
const countKey = '#'
/** Ids held in memory before they are written to the index. */
const pendingLimit = 2048

export async function openLedger(dir: string, options: SegmentOptions = {}): Promise<Ledger> {
  const log = await openSegments(join(dir, logFolder), options)
  const index = await openLmdb(join(dir, 'index'))
  const pending = new Map<DecisionId, LedgerIndex>()
  let writing = Promise.resolve()

  const flush = (): Promise<void> => {
    const batch = [...pending]
    const counted = Math.max(...batch.map(([, place]) => place)) + 1
    writing = writing.then(async () => {
      await index.transact(({ put, get }) => {
        for (const [id, place] of batch) put(id, encodePlace(place))
        put(countKey, encodePlace(Math.max(counted, decodePlace(get(countKey)) ?? 0)))
      })
      for (const [id] of batch) pending.delete(id)
    })
    return writing
  }
  const note = (entry: Entry, place: LedgerIndex): void => {
    pending.set(entry.decisionId, place)
  }

  try {
    await catchUp(log, index, note, async () => {
      if (pending.size >= pendingLimit) await flush()
    })
    if (pending.size > 0) await flush()
  } catch (error) {
    await index.close()
    await log.close()
    throw error
  }

  return {
    append: async (entry) => {
      const place = await log.append(encodeEntry(entry))
      note(entry, place)
      if (pending.size >= pendingLimit && pending.size % pendingLimit === 0) await flush()
      return place
    },
    byIndex: async (place) => decodeEntry(await log.read(place)),
    indexOf: (decisionId) => pending.get(decisionId) ?? decodePlace(index.get(decisionId)),
    size: () => log.committed().count,
    head: () => log.committed().chain.toString('hex'),
    cut: log.cut,
    close: async () => {
      await log.close()
      if (pending.size > 0) await flush()
      await writing
      await index.close()
    },
  }
}

type Log = Awaited<ReturnType<typeof openSegments>>

/** Reads what the index has not got yet: all of it where the index was lost or belongs to a longer log. */
async function catchUp(
  log: Log,
  index: Lmdb,
  note: (entry: Entry, place: LedgerIndex) => void,
  after: () => Promise<void>,
): Promise<void> {
  const counted = decodePlace(index.get(countKey)) ?? 0
  const from = counted <= log.committed().count ? counted : 0
  for await (const { index: place, bytes } of log.iterate(from)) {
    note(decodeEntry(bytes), place)
    await after()
  }
}

const encodePlace = (place: number): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(place))
  return bytes
}

const decodePlace = (bytes: Uint8Array | undefined): number | null =>
  bytes === undefined ? null : Number(Buffer.from(bytes).readBigUInt64BE())
