import { createHash } from 'node:crypto'
import { openLmdb } from '../../storage/lmdb.js'
import { type EventId } from '../schema/ids.js'

/** Milliseconds that new ids may wait in memory before they are written together. */
const flushAfterMs = 500

/** No hash: those are 32 hexadecimal digits. */
const upToKey = 'up-to'
const present = Uint8Array.of(1)

/** The first 16 bytes of the id's SHA-256. */
const keyOf = (id: EventId): string => createHash('sha256').update(id).digest('hex').slice(0, 32)

/**
 * Which events are known, by their ids: LMDB, derived from the history and its journal. It may lag behind them by what
 * came last, which whoever opens it adds; deleted whole, it is made anew. Of a removed id the hash may stay in a freed
 * page of the file until LMDB uses it again.
 */
export type EventIds = {
  /** The history's sequence up to which every event's id is here. */
  readonly upTo: () => number
  readonly has: (id: EventId) => boolean
  /** Takes in the ids of all events from `upTo` to a later sequence. Throws where an earlier writing failed. */
  readonly add: (ids: readonly EventId[], upTo: number) => void
  /** Takes in some of them, leaving `upTo`: best in the order of their hashes, which writes each page once. */
  readonly load: (ids: readonly EventId[]) => Promise<void>
  readonly remove: (ids: readonly EventId[]) => Promise<void>
  readonly clear: () => Promise<void>
  readonly close: () => Promise<void>
}

export const openEventIds = async (dir: string): Promise<EventIds> => {
  const database = await openLmdb(dir)
  const stored = database.get(upToKey)
  let upTo = stored === undefined ? 0 : Number(Buffer.from(stored).readBigUInt64BE())
  let waiting = new Set<string>()
  /** Under way to the file: not there yet, and no longer waiting. */
  let leaving = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let fault: unknown = null
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    const reached = Buffer.alloc(8)
    reached.writeBigUInt64BE(BigInt(upTo))
    leaving = waiting
    waiting = new Set()
    await database.transact(({ put }) => {
      for (const key of leaving) put(key, present)
      put(upToKey, reached)
    })
    leaving = new Set()
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
    upTo: () => upTo,
    has: (id) => {
      const key = keyOf(id)
      return waiting.has(key) || leaving.has(key) || database.get(key) !== undefined
    },
    add: (ids, reached) => {
      if (fault !== null)
        throw new Error('the index of event ids: writing failed. Check the disk, then start again', { cause: fault })
      for (const id of ids) waiting.add(keyOf(id))
      upTo = reached
      flushLater()
    },
    load: (ids) =>
      database.transact(({ put }) => {
        for (const id of ids) put(keyOf(id), present)
      }),
    remove: async (ids) => {
      await flush()
      await database.transact(({ remove }) => {
        for (const id of ids) remove(keyOf(id))
      })
    },
    clear: async () => {
      upTo = 0
      await flush()
      await database.transact(({ remove }) => {
        for (const { key } of database.entries()) remove(key)
      })
    },
    close: async () => {
      await flush()
      await database.close()
    },
  }
}
