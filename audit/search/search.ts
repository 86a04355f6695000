import { existsSync } from 'node:fs'
import { type Instant } from '../../features/schema/time.js'
import { type DuckDb } from '../../storage/duckdb.js'
import { type Pseudonym } from '../commitment.js'
import { turns } from '../turns.js'
import { openFiles, type SearchFiles } from './files.js'
import { takenIn } from './manifest.js'
import { digestOf, readRows, type Source } from './reading.js'

/** Told while entries are taken in: how many of how many. */
export type Told = (done: number, total: number) => void

/**
 * Finds entries of a ledger by what is in them. A store of its own, derived from the ledger and what is sealed with the
 * persons: deleted whole, it is made anew. Nothing is opened before it is needed.
 */
export type Search = {
  /** Takes in what the ledger has that is not here yet, a batch after another. */
  readonly catchUp: (told?: Told) => Promise<void>
  /** Rejects with `SearchBehind` where taking in what is missing takes longer than a caller would wait. */
  readonly current: () => Promise<void>
  /** Catches up every so often from now on, until `close`; `told` of what went wrong, and tries again. */
  readonly follow: (everyMs: number, told: (error: unknown) => void) => void
  /** A query over `from`, all that was taken in. */
  readonly read: <T>(work: (database: DuckDb, from: string) => Promise<T>) => Promise<T>
  /**
   * Makes every file anew that holds what was sealed of a person, without it; call it before his key is destroyed.
   * Nothing sealed of him enters from then on.
   */
  readonly erase: (pseudonym: Pseudonym) => Promise<void>
  readonly close: () => Promise<void>
}

/** The search lacks more entries than a request waits for. */
export class SearchBehind extends Error {
  constructor(done: number, total: number) {
    super(`the search is being made: ${done} of ${total} entries are taken in; ask again later`)
    this.name = 'SearchBehind'
  }
}

export type SearchOptions = {
  /** Entries taken in as one file. */
  readonly batch?: number
  /** How many entries a caller of `current` waits for. */
  readonly waitFor?: number
}

/** A search whose files lie in `dir`, which is this process's alone; `source` stays open until it is closed. */
export function openSearch(dir: string, source: Source, options: SearchOptions = {}): Search {
  const { batch = 8192, waitFor = 8192 } = options
  const { alone } = turns<never, never>(() => Promise.resolve([]))
  const erasing = new Set<Pseudonym>()
  let opened: Promise<SearchFiles> | null = null
  let closed = false
  let timer: NodeJS.Timeout | null = null

  const files = (): Promise<SearchFiles> => {
    opened ??= openKnown(dir, source).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }

  /** How many entries are here and in the ledger after another batch. */
  const takeIn = (): Promise<{ done: number; total: number }> =>
    alone(async () => {
      const held = await files()
      const [from, total] = [takenIn(held.manifest()), source.ledger.size()]
      const to = Math.min(total, from + batch)
      if (to > from && !closed) {
        const { rows, last } = await readRows(source, { from, to, erasing })
        await held.add(rows, last)
      }
      return { done: to, total }
    })

  const catchUp = async (told?: Told): Promise<void> => {
    for (let on = true; on && !closed;) {
      const { done, total } = await takeIn()
      told?.(done, total)
      on = done < total
    }
  }

  return {
    catchUp,
    current: async () => {
      const [done, total] = [takenIn((await files()).manifest()), source.ledger.size()]
      if (total - done > waitFor) throw new SearchBehind(done, total)
      await catchUp()
    },
    follow: (everyMs, told) => {
      const next = (): void => {
        timer = setTimeout(
          () =>
            void catchUp()
              .catch(told)
              .finally(() => closed || next()),
          everyMs,
        ).unref()
      }
      next()
    },
    read: async (work) => (await files()).read(work),
    erase: (pseudonym) => {
      erasing.add(pseudonym)
      return alone(async () => {
        if (opened !== null || existsSync(dir)) await (await files()).erase(pseudonym)
      })
    },
    close: async () => {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await alone(async () => (await opened)?.close())
    },
  }
}

/** Opens the files, and drops them where they are not of this ledger, or ahead of it. */
async function openKnown(dir: string, { ledger }: Source): Promise<SearchFiles> {
  const files = await openFiles(dir)
  const { last } = files.manifest()
  const held = takenIn(files.manifest())
  if (held === 0) return files
  try {
    const isKnown = held <= ledger.size() && digestOf(await ledger.byIndex(held - 1)) === last
    if (!isKnown) await files.clear()
    return files
  } catch (error) {
    await files.close()
    throw error
  }
}

/** A period: from `from` on, before `to`. */
export type Period = { readonly from?: Instant | undefined; readonly to?: Instant | undefined }
