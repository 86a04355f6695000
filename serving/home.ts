import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openHistory } from '../features/history/history.js'
import { type History } from '../features/history/port.js'
import { protectedHistory } from '../features/history/protectedHistory.js'
import { openCatalogueLog, type CatalogueLog } from '../features/store/catalogueLog.js'
import { lmdbStore } from '../features/store/lmdb.js'
import { type InvestorStore } from '../features/store/port.js'
import { protectedStore } from '../features/store/protectedStore.js'
import { redisStore } from '../features/store/redis.js'
import { type Blobs, openBlobs } from '../storage/blobs.js'
import { type IdentifierCipher } from '../storage/identifierCipher.js'
import { lockDirectory, lockName } from '../storage/processLock.js'
import { replaceFile } from '../storage/replaceFile.js'
import { openReleases, type Releases } from '../training/releases.js'
import { type Configuration } from './configuration.js'
import { DataError, reasonOfData } from './dataError.js'
import { followNewest, type FollowedHistory } from './features/newest.js'
import { type Erasures, openErasures } from './erasures.js'
import { forgetRejected } from './forgetRejected.js'
import { settleImports } from './importIntent.js'
import { openIdentifiers } from './identifiers.js'
import { keyOf } from './investorKey.js'
import { openInvestors } from './investors.js'
import { openJournaledHistory } from './journaledHistory.js'
import { openPacks, type Packs } from './packs.js'
import { openQuestionnaires, type Questionnaires } from './questionnaires.js'
import { refill } from './storeFollower.js'
import { openStoreEvents, streamedStore } from './streamedStore.js'

/** Everything that a data directory holds but the ledger, which serving opens where it records. */
export type Home = {
  readonly dir: string
  readonly blobs: Blobs
  readonly store: InvestorStore
  readonly history: History
  /** The newest fact of the history, by kind and source. */
  readonly newest: FollowedHistory['newest']
  /** By which identifiers are encrypted at rest; null: they lie in clear. */
  readonly identifiers: IdentifierCipher | null
  /** What opening cut off the torn end of the history's journal, in words; null where nothing was. */
  readonly journalCut: string | null
  readonly catalogueLog: CatalogueLog
  readonly releases: Releases
  /** The pack of each firm's decisions; their bytes are kept, so that a decision can be judged again. */
  readonly packs: Packs
  /** Those that may be taken, by version. */
  readonly questionnaires: Questionnaires
  /** Whose erasure was begun, and is not finished everywhere. */
  readonly erasures: Erasures
  /** Fills the online store from the history again. */
  readonly refill: (told?: (investors: number) => void) => Promise<void>
  readonly close: () => Promise<void>
}

const Format = z.strictObject({ format: z.literal('aptus-data/1') })

/** Folders of a data directory. */
export const folders = {
  blobs: 'blobs',
  catalogue: 'catalogue',
  history: 'history',
  journal: 'journal',
  online: 'online',
  releases: 'releases',
  runs: 'runs',
  ledger: 'ledger',
  persons: 'persons',
  search: 'search',
  imports: 'imports',
} as const

/** The file of a data directory that holds the hashes of keys: serving/http/keys.ts. */
export const keysFile = 'keys.json'

/** The folder of a data directory that holds answers to repeated requests: serving/http/idempotencyLmdb.ts. */
export const answersFolder = 'idempotency'

/** How long a command to the stream of events may take: as a write of the store. */
const publishMs = 1_000

/** Stands in a data directory from the first moment of its set-up until that is done and the keys were told. */
export const unfinishedMark = 'set-up.unfinished'

/** Whether a directory is absent or empty: then there is nothing yet to serve. */
export async function isEmpty(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).every((name) => name === lockName || name === unfinishedMark)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
}

/**
 * Opens a data directory, making it where it is absent, for this process alone: rejects with `LogError` (`held`) where
 * a server or another command has it. Rejects where the directory is not one of ours, and where its set-up was cut
 * short, but for the set-up itself.
 */
export async function openHome(
  dir: string,
  configuration: Configuration,
  { settingUp = false }: { readonly settingUp?: boolean } = {},
): Promise<Home> {
  await mkdir(dir, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST' && cause.code !== 'ENOTDIR') throw cause
    throw new DataError('the data directory is, or lies below, a file: name another with --data', { cause })
  })
  // What anybody put beside an unfinished set-up would be cleared with it.
  if (!settingUp && (await exists(join(dir, unfinishedMark))))
    throw new DataError('the first set-up of the data directory was cut short: run "aptus start" to begin it again')
  await checkFormat(dir)
  const unlock = await lockDirectory(dir)
  const opened: (() => Promise<void>)[] = [unlock]
  const closeAll = async (): Promise<void> => {
    const close = opened.pop()
    if (close === undefined) return
    await close().finally(closeAll)
  }
  try {
    const identifiers = await openIdentifiers(dir, configuration.identifiersKey ?? null)
    const parquet = await reasonOfData(openHistory(join(dir, folders.history)))
    opened.push(parquet.close)
    const { history: journaled, cut } = await openJournaledHistory(parquet, join(dir, folders.journal))
    opened.push(journaled.close)
    const kept = await openStore(join(dir, folders.online), configuration, identifiers)
    opened.push(kept.close)
    const followed = identifiers === null ? journaled : protectedHistory(journaled, identifiers)
    const { history, newest } = followNewest(followed)
    const store = identifiers === null ? kept : protectedStore(kept, identifiers)
    const blobs = openBlobs(join(dir, folders.blobs))
    const packs = await openPacks(configuration, blobs)
    const erasures = await openErasures(dir)
    const catalogueLog = await reasonOfData(openCatalogueLog(join(dir, folders.catalogue)))
    await settleImports(join(dir, folders.imports), history, catalogueLog)
    await settleStore(dir, { history, store, erasures })
    return {
      dir,
      blobs,
      store,
      history,
      newest,
      identifiers,
      journalCut: cut,
      catalogueLog,
      releases: await reasonOfData(openReleases(join(dir, folders.releases), blobs)),
      erasures,
      packs,
      questionnaires: await openQuestionnaires(configuration.questionnaires, blobs),
      refill: (told) => refill(history, store, told),
      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function openStore(
  dir: string,
  { redisUrl, redis, events }: Configuration,
  cipher: IdentifierCipher | null,
): Promise<InvestorStore> {
  if (redisUrl === null) return lmdbStore(dir, cipher)
  const store = await redisStore(redisUrl, { ...redis, cipher })
  if (events !== 'stream') return store
  try {
    return streamedStore(store, await openStoreEvents(redisUrl, publishMs))
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * Makes good what a crash left: erasures go on (the person's part of the ledger is the service's, which ends them), and
 * a store that has not taken in the whole history, for it was cut short, emptied or another, is filled again.
 */
async function settleStore(
  dir: string,
  { history, store, erasures }: Pick<Home, 'history' | 'store' | 'erasures'>,
): Promise<void> {
  const investors = openInvestors(history, store)
  for (const erasure of erasures.underWay()) {
    await investors.erase(keyOf(erasure.firmId, erasure.investorId))
    await forgetRejected(join(dir, folders.imports), erasure)
  }
  if ((await store.takenIn()) !== (await history.sequence())) await refill(history, store)
}

async function checkFormat(dir: string): Promise<void> {
  const file = join(dir, 'aptus.json')
  if (await exists(file)) {
    if (Format.safeParse(JSON.parse(await readFile(file, 'utf8'))).success) return
    throw new DataError('aptus.json: the data directory has another format than this version reads; see CHANGELOG.md')
  }
  if (!(await isEmpty(dir)))
    throw new DataError('the data directory is neither empty nor one of Aptus; name another with --data')
  await replaceFile(file, `${JSON.stringify({ format: 'aptus-data/1' })}\n`)
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await readFile(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
