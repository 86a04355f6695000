import { type Lmdb, openLmdb } from './lmdb.js'

/**
 * LMDB for what is derived from something durable: what is put waits in memory, is found there at once, and is written
 * together with what else waits, all or nothing. It may lag behind its source by what came last, which whoever opens it
 * adds; so a number up to which it goes is put beside the entries.
 */
export type LaggingLmdb = Pick<Lmdb, 'transact' | 'entries'> & {
  readonly get: (key: string) => Uint8Array | undefined
  /** Throws where an earlier writing failed. */
  readonly put: (key: string, value: Uint8Array) => void
  /** Writes what waits now. */
  readonly flush: () => Promise<void>
  /** After a flush. */
  readonly close: () => Promise<void>
}

/** Opens (and makes) it in a directory. `name`: what it is, for the message of a failure. `afterMs`: how long at most something waits. */
export async function openLaggingLmdb(
  dir: string,
  { name, afterMs }: { readonly name: string; readonly afterMs: number },
): Promise<LaggingLmdb> {
  const database = await openLmdb(dir)
  let waiting = new Map<string, Uint8Array>()
  /** Under way to the file: not there yet, and no longer waiting. */
  let leaving = new Map<string, Uint8Array>()
  let timer: NodeJS.Timeout | null = null
  let fault: unknown = null
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    if (waiting.size === 0) return
    leaving = waiting
    waiting = new Map()
    await database.transact(({ put }) => {
      for (const [key, value] of leaving) put(key, value)
    })
    leaving = new Map()
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
    }, afterMs)
  }

  return {
    transact: database.transact,
    entries: database.entries,
    get: (key) => waiting.get(key) ?? leaving.get(key) ?? database.get(key),
    put: (key, value) => {
      if (fault !== null) throw new Error(`${name}: writing failed. Check the disk, then start again`, { cause: fault })
      waiting.set(key, value)
      flushLater()
    },
    flush,
    close: async () => {
      await flush()
      await database.close()
    },
  }
}
