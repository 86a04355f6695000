import { type DecisionId } from '../features/schema/ids.js'
import { openLmdb } from '../storage/lmdb.js'

/** Milliseconds that new pairs may wait in memory before they are written together. */
const flushAfterMs = 100

const sizeKey = 'size'
const keyOf = (decisionId: string): string => `decision/${decisionId}`

const encodeIndex = (index: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(index))
  return bytes
}
const decodeIndex = (bytes: Uint8Array): number => Number(Buffer.from(bytes).readBigUInt64BE())

/**
 * From a decision's id to its place in the ledger. LMDB, derived from the segments: it may lag behind them by some
 * entries, which opening the ledger adds; deleted whole, it is made anew. A map in memory alone would have to be read
 * from every segment at each start.
 */
export type LedgerIndexStore = {
  /** How many of the ledger's entries it has taken in, at the last writing. */
  readonly stored: number
  readonly find: (decisionId: DecisionId) => number | undefined
  /** Takes in the ledger's next entry; null: one that is no decision. Throws where an earlier writing failed. */
  readonly add: (index: number, decisionId: DecisionId | null) => void
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

export const openLedgerIndex = async (dir: string): Promise<LedgerIndexStore> => {
  const database = await openLmdb(dir)
  const sizeBytes = database.get(sizeKey)
  const stored = sizeBytes === undefined ? 0 : decodeIndex(sizeBytes)
  const waiting = new Map<string, number>()
  let size = stored
  let timer: NodeJS.Timeout | null = null
  let fault: unknown = null
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    const [pairs, upTo] = [[...waiting], size]
    await database.transact(({ put }) => {
      for (const [decisionId, index] of pairs) put(keyOf(decisionId), encodeIndex(index))
      put(sizeKey, encodeIndex(upTo))
    })
    for (const [decisionId] of pairs) waiting.delete(decisionId)
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

  return {
    stored,
    find: (decisionId) => {
      const found = database.get(keyOf(decisionId))
      return waiting.get(decisionId) ?? (found === undefined ? undefined : decodeIndex(found))
    },
    add: (index, decisionId) => {
      if (fault !== null)
        throw new Error('ledger/index: writing failed. Check the disk, then start again', { cause: fault })
      if (decisionId !== null) waiting.set(decisionId, index)
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
