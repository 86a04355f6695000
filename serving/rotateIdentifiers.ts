import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rekeyPersons } from '../audit/persons.js'
import { openHistory } from '../features/history/history.js'
import { type Rekeying, rekeyHistory } from '../features/history/rekey.js'
import { type InvestorStore } from '../features/store/port.js'
import { redisStore } from '../features/store/redis.js'
import { lockDirectory } from '../storage/processLock.js'
import { type Configuration } from './configuration.js'
import { DataError } from './dataError.js'
import { folders } from './home.js'
import { readMark, writeMark } from './identifiers.js'
import { openJournaledHistory } from './journaledHistory.js'

/**
 * Writes a data directory's identifiers under another key, into the clear or out of it. Cut short, it is to be run again
 * with the same keys: until it is done, nothing else opens the directory. The online store is emptied; the next opening
 * fills it from the history.
 */
export async function rotateIdentifiers(
  dir: string,
  { redisUrl }: Pick<Configuration, 'redisUrl'>,
  rekeying: Rekeying,
  told: (done: number, total: number) => void,
): Promise<void> {
  const unlock = await lockDirectory(dir)
  try {
    const mark = await readMark(dir)
    const [from, to] = rekeying.map((cipher) => cipher?.keyId ?? null) as [string | null, string | null]
    if (from === to) throw new DataError('the old key and the new one are the same: nothing is to be done')
    const isGoingOn = mark.rotatingFrom !== undefined && mark.rotatingFrom === from && mark.keyId === to
    if (!isGoingOn && (mark.rotatingFrom !== undefined || mark.keyId !== from))
      throw new DataError(
        `identifiers are under ${mark.keyId ?? 'no key'}${mark.rotatingFrom === undefined ? '' : ` or ${mark.rotatingFrom ?? 'no key'}`}: give the old key as APTUS_IDENTIFIERS_OLD_KEY, and leave it out where there was none`,
      )
    await writeMark(dir, { keyId: to, rotatingFrom: from })
    await flushed(dir)
    await rekeyHistory(join(dir, folders.history), rekeying, told)
    // Derived of the ids: made anew at the next opening.
    await rm(join(dir, folders.journal, 'event-ids'), { recursive: true, force: true })
    if (existsSync(join(dir, folders.persons))) await rekeyPersons(join(dir, folders.persons), rekeying)
    await rm(join(dir, folders.online), { recursive: true, force: true })
    if (redisUrl !== null) await emptied(await redisStore(redisUrl, { cipher: rekeying[0] }))
    await writeMark(dir, { keyId: to })
  } finally {
    await unlock()
  }
}

/** What waits in the journal is brought into the history as it is. */
async function flushed(dir: string): Promise<void> {
  const parquet = await openHistory(join(dir, folders.history))
  try {
    await (await openJournaledHistory(parquet, join(dir, folders.journal))).history.close()
  } finally {
    await parquet.close()
  }
}

async function emptied(store: InvestorStore): Promise<void> {
  try {
    for (const id of await store.ids(Number.POSITIVE_INFINITY)) await store.delete(id)
    // Before any row: whoever opens it finds that it lags, and fills it.
    await store.noteTakenIn(-1)
  } finally {
    await store.close()
  }
}
