import { hash } from 'node:crypto'
import { openLaggingLmdb } from '../../storage/laggingLmdb.js'
import { type EventId } from '../schema/ids.js'

/** Milliseconds that new ids may wait in memory before they are written together. */
const flushAfterMs = 500

/** No hash: those are 32 hexadecimal digits. */
const upToKey = 'up-to'
const present = Uint8Array.of(1)

/** The first 16 bytes of the id's SHA-256. */
const keyOf = (id: EventId): string => hash('sha256', id).slice(0, 32)

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
  const index = await openLaggingLmdb(dir, { name: 'the index of event ids', afterMs: flushAfterMs })
  const stored = index.get(upToKey)
  let upTo = stored === undefined ? 0 : Number(Buffer.from(stored).readBigUInt64BE())

  return {
    upTo: () => upTo,
    has: (id) => index.get(keyOf(id)) !== undefined,
    add: (ids, reached) => {
      for (const id of ids) index.put(keyOf(id), present)
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64BE(BigInt(reached))
      index.put(upToKey, bytes)
      upTo = reached
    },
    load: (ids) =>
      index.transact(({ put }) => {
        for (const id of ids) put(keyOf(id), present)
      }),
    remove: async (ids) => {
      await index.flush()
      await index.transact(({ remove }) => {
        for (const id of ids) remove(keyOf(id))
      })
    },
    clear: async () => {
      upTo = 0
      await index.flush()
      await index.transact(({ remove }) => {
        for (const { key } of index.entries()) remove(key)
      })
    },
    close: index.close,
  }
}
