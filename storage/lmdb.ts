import { mkdir } from 'node:fs/promises'
import { open } from 'lmdb'

/** What a transaction may do: all of it is seen by others at once, or none. */
export type LmdbTransaction = {
  readonly get: (key: string) => Uint8Array | undefined
  readonly put: (key: string, value: Uint8Array) => void
  readonly remove: (key: string) => boolean
}

/** Ordered keys and bytes in a memory-mapped file that several processes may hold open. */
export type Lmdb = {
  /** The value as last committed by any process; the bytes are the caller's own. */
  readonly get: (key: string) => Uint8Array | undefined
  /** Runs `work` alone among writers; durable when resolved. A throw undoes what it wrote and rejects. */
  readonly transact: <T>(work: (transaction: LmdbTransaction) => T) => Promise<T>
  /** Entries from `from` on, in the order of their keys' bytes. */
  readonly entries: (from?: string) => Iterable<{ readonly key: string; readonly value: Uint8Array }>
  readonly close: () => Promise<void>
}

/** Opens (and makes) the database in a directory. Open it again after a fork. Source: lmdb-js's README. */
export const openLmdb = async (dir: string): Promise<Lmdb> => {
  await mkdir(dir, { recursive: true })
  const database = open<Uint8Array, string>({ path: dir, noSubdir: false, encoding: 'binary' })
  const get = (key: string): Uint8Array | undefined => database.get(key)

  const transaction: LmdbTransaction = {
    get,
    put: (key, value) => {
      database.putSync(key, value)
    },
    remove: (key) => database.removeSync(key),
  }

  const transact = async <T>(work: (transaction: LmdbTransaction) => T): Promise<T> => {
    const result = await database.childTransaction(() => work(transaction))
    // A commit is visible before it is on the disk: lmdb-js syncs beside the next transaction.
    await database.flushed
    return result
  }

  return {
    get,
    transact,
    entries: (from) => database.getRange(from === undefined ? {} : { start: from }),
    close: () => database.close(),
  }
}
