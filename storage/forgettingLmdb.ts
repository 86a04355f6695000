import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Lmdb, type LmdbTransaction } from './lmdb.js'
import { syncDirectory, syncFile } from './replaceFile.js'
import { openRewritableLmdb } from './rewritableLmdb.js'
import { sharedLock } from './sharedLock.js'

/**
 * An LMDB whose `forget` takes what it removes out of the file too. A removal marks the database first, durably; the
 * file is then written anew, without freed pages, at once where none was written within the last `coolingMs`, else when
 * they are over, and at the latest when it is closed, or opened again after a crash.
 */
export type ForgettingLmdb = Pick<Lmdb, 'get' | 'transact' | 'entries' | 'close'> & {
  /** As `transact`, for removals of what must not be found again. Resolves before the file is written anew. */
  readonly forget: Lmdb['transact']
}

/** In the directory while freed pages of its file hold what was to be forgotten. */
const markName = 'forgetting'

const durably = async (dir: string): Promise<void> => {
  const mark = join(dir, markName)
  await writeFile(mark, '')
  await syncFile(mark)
  await syncDirectory(dir)
}

/** Opens the database in a directory, for one process at a time: the file that others hold open would be replaced. */
export const openForgettingLmdb = async (dir: string, coolingMs = 60_000): Promise<ForgettingLmdb> => {
  await mkdir(dir, { recursive: true })
  const database = await openRewritableLmdb(dir)
  const lock = sharedLock()
  let due = (await readdir(dir)).includes(markName)
  let closed = false
  let cooling: NodeJS.Timeout | null = null

  const rewrite = async (): Promise<void> => {
    if (!due) return
    await database.rewrite()
    due = false
    await rm(join(dir, markName), { force: true })
  }

  const rewriteSoon = (): void => {
    if (cooling !== null || !due || closed) return
    cooling = setTimeout(() => {
      cooling = null
      rewriteSoon()
    }, coolingMs)
    cooling.unref()
    // The mark outlives a failure: the next turn of the timer tries again, and at last closing, which tells of it.
    lock.exclusive(rewrite).catch(() => undefined)
  }

  const forget = async <T>(work: (transaction: LmdbTransaction) => T): Promise<T> => {
    const result = await lock.shared(async () => {
      due = true
      await durably(dir)
      return database.current().transact(work)
    })
    rewriteSoon()
    return result
  }

  // A crash came between a removal and its rewriting.
  await rewrite().catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  return {
    get: (key) => database.current().get(key),
    entries: (from) => database.current().entries(from),
    transact: (work) => lock.shared(() => database.current().transact(work)),
    forget,
    close: () =>
      lock.exclusive(async () => {
        closed = true
        if (cooling !== null) clearTimeout(cooling)
        try {
          await rewrite()
        } finally {
          await database.close()
        }
      }),
  }
}
