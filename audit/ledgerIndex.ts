import { openLaggingLmdb } from '../storage/laggingLmdb.js'

/** Milliseconds that new pairs may wait in memory before they are written together. */
const flushAfterMs = 100

const sizeKey = 'size'
/** Of every type of entry, though it says decision: there were no others once. */
const keyOf = (entryId: string): string => `decision/${entryId}`
const keyOfType = (type: string): string => `latest/${type}`

const encodeIndex = (index: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(index))
  return bytes
}
const decodeIndex = (bytes: Uint8Array): number => Number(Buffer.from(bytes).readBigUInt64BE())

/**
 * From an entry's id to its place in a log, the ledger's or that of what was sealed. LMDB, derived from the segments: it may lag behind them by some
 * entries, which opening the ledger adds; deleted whole, it is made anew. A map in memory alone would have to be read
 * from every segment at each start.
 */
export type LedgerIndexStore = {
  /** How many of the ledger's entries it has taken in, at the last writing. */
  readonly stored: number
  readonly find: (entryId: string) => number | undefined
  /** Of the newest entry of a type. */
  readonly latest: (type: string) => number | undefined
  /** Takes in the log's next entry; a log of one kind names no type. Throws where an earlier writing failed. */
  readonly add: (index: number, entryId: string, type?: string) => void
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

export const openLedgerIndex = async (dir: string): Promise<LedgerIndexStore> => {
  const index = await openLaggingLmdb(dir, { name: 'an index of entries', afterMs: flushAfterMs })
  const placeOf = (key: string): number | undefined => {
    const found = index.get(key)
    return found === undefined ? undefined : decodeIndex(found)
  }

  return {
    stored: placeOf(sizeKey) ?? 0,
    find: (entryId) => placeOf(keyOf(entryId)),
    latest: (type) => placeOf(keyOfType(type)),
    add: (place, entryId, type) => {
      index.put(keyOf(entryId), encodeIndex(place))
      if (type !== undefined) index.put(keyOfType(type), encodeIndex(place))
      index.put(sizeKey, encodeIndex(place + 1))
    },
    flush: index.flush,
    close: index.close,
  }
}
