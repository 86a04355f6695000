import { openLmdb } from '../storage/lmdb.js'

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
  const database = await openLmdb(dir)
  const sizeBytes = database.get(sizeKey)
  const stored = sizeBytes === undefined ? 0 : decodeIndex(sizeBytes)
  /** By key, what is not written yet. */
  const waiting = new Map<string, number>()
  let size = stored
  let timer: NodeJS.Timeout | null = null
  let fault: unknown = null
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    const [pairs, upTo] = [[...waiting], size]
    await database.transact(({ put }) => {
      for (const [key, index] of pairs) put(key, encodeIndex(index))
      put(sizeKey, encodeIndex(upTo))
    })
    // A type's newest may have moved on meanwhile.
    for (const [key, index] of pairs) if (waiting.get(key) === index) waiting.delete(key)
  }

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    writing = writing.then(write)
    return writing
  }

  const flushLater = (): void => {
    timer ??= setTimeout(() => {
      flush().catch((error: unknown) => {
        fault = error
      })
    }, flushAfterMs)
  }

  const placeOf = (key: string): number | undefined => {
    const found = database.get(key)
    return waiting.get(key) ?? (found === undefined ? undefined : decodeIndex(found))
  }

  return {
    stored,
    find: (entryId) => placeOf(keyOf(entryId)),
    latest: (type) => placeOf(keyOfType(type)),
    add: (index, entryId, type) => {
      if (fault !== null)
        throw new Error('an index of entries: writing failed. Check the disk, then start again', { cause: fault })
      waiting.set(keyOf(entryId), index)
      if (type !== undefined) waiting.set(keyOfType(type), index)
      size = index + 1
      flushLater()
    },
    flush,
    close: async () => {
      await flush()
      await database.close()
    },
  }
}
