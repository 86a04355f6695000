import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuckDb } from '../../storage/duckdb.js'
import { oneByOne } from '../../storage/oneByOne.js'
import { accountAsOf, profilesKnown, snapshotsAsOf } from './asOf.js'
import { exposuresImported, exposuresTold } from './exposures.js'
import { cancelledIds, eventIdsOf, eventIdsSince } from './eventIds.js'
import { eventsKnown } from './eventsKnown.js'
import { held, heldOn } from './heldOn.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { interactions } from './interactions.js'
import { navWindowsKnown } from '../definitions/navWindows.js'
import { checkFiles, type Manifest, readManifest, writeManifest } from './manifest.js'
import { navsKnown } from './navs.js'
import { navWindowsAsOf } from './navWindows.js'
import { type Place, spillName, sweep } from './parquet.js'
import { type Batch, type History } from './port.js'
import { compacted, erased } from './rewriting.js'
import { newestKnown } from './newestKnown.js'
import { rowsKnown } from './rows.js'
import { openStaging, type Staging, type Written } from './staging.js'
import { relation } from './tables.js'

export type HistoryOptions = {
  /** Small files of a kind beyond which they are merged. */
  readonly mostSmallFiles?: number
  /** DuckDB's, such as `1GB`; what is larger spills into the history's directory. */
  readonly memoryLimit?: string
}

/** The writing side: each change writes files first, then replaces the manifest, then deletes what nothing lists. */
const writerOf = (place: Place, mostSmallFiles: number) => {
  const { dir } = place
  const alone = oneByOne()
  let swept = false

  /** The manifest to build on; what a crash left behind is deleted before this process's first write. */
  const current = async (): Promise<Manifest> => {
    const manifest = await readManifest(dir)
    if (!swept) await sweep(dir, manifest)
    swept = true
    return manifest
  }

  const compact = async (manifest: Manifest): Promise<void> => {
    const merged = await compacted(place, manifest, mostSmallFiles)
    if (merged === manifest) return
    // A reader may still be in the merged files; those of the compaction before are long out of use.
    await sweep(dir, { ...merged, files: [...manifest.files, ...merged.files] })
    await writeManifest(dir, merged)
  }

  /** `use` runs before the staging is dropped. */
  const commit = <T>(staging: Staging, use: (written: Written) => Promise<T>): Promise<T> =>
    alone(async () => {
      try {
        const before = await current()
        const written = await staging.write(before)
        if (written.manifest.files.length > before.files.length) {
          await writeManifest(dir, written.manifest)
          await compact(written.manifest)
        }
        return await use(written)
      } finally {
        await staging.drop()
      }
    })

  const erase: History['eraseInvestor'] = (id) =>
    alone(async () => {
      const manifest = await erased(place, await current(), id)
      await writeManifest(dir, manifest)
      await sweep(dir, manifest)
    })

  return { commit, erase }
}

const batchOf = (staging: Staging, commit: (staging: Staging) => ReturnType<Batch['commit']>): Batch => {
  let open = true
  const whileOpen = <T>(work: () => Promise<T>): Promise<T> =>
    open ? work() : Promise.reject(new Error('history: this batch was committed or aborted already; begin another'))
  const ending = <T>(work: () => Promise<T>): Promise<T> =>
    whileOpen(() => {
      open = false
      return work()
    })
  return {
    investors: (records, source) => whileOpen(() => staging.investors(records, source)),
    events: (records, source) => whileOpen(() => staging.events(records, source)),
    navs: (records, learntAt) => whileOpen(() => staging.navs(records, learntAt)),
    commit: () => ending(() => commit(staging)),
    abort: () => ending(() => staging.drop()),
  }
}

const withoutTrades = ({ profile, knownAt, behaviour }: InvestorSnapshot): InvestorSnapshot => ({
  profile,
  knownAt,
  behaviour,
})

/** Opens (and makes) the history in a directory. Parquet files, listed by a manifest, read and written by DuckDB. */
export const openHistory = async (dir: string, options: HistoryOptions = {}): Promise<History> => {
  await mkdir(dir, { recursive: true })
  await checkFiles(dir, await readManifest(dir))
  const spill = join(dir, spillName())
  const database = await openDuckDb(spill, options.memoryLimit)
  const place: Place = { dir, database }
  const writer = writerOf(place, options.mostSmallFiles ?? 64)
  let stagings = 0
  const stage = (source: string): Promise<Staging> => openStaging(place, String((stagings += 1)), source)

  const appendEvents: History['appendEvents'] = async (records, source) => {
    if (records.length === 0) return { added: 0, duplicates: 0, fresh: [] }
    const staging = await stage(source)
    await staging.events(records)
    return writer.commit(staging, async ({ added, duplicates, fresh }) => {
      const numbers = new Set(await fresh())
      return { added, duplicates, fresh: records.filter((_, n) => numbers.has(n)) }
    })
  }

  const commit = (staging: Staging): ReturnType<Batch['commit']> =>
    writer.commit(staging, ({ investors, added, duplicates }) => Promise.resolve({ investors, added, duplicates }))

  return {
    appendEvents,
    appendInvestors: async (records, source) => {
      if (records.length === 0) return
      const staging = await stage(source)
      await staging.investors(records)
      await commit(staging)
    },
    begin: async (source) => batchOf(await stage(source), commit),
    investorAsOf: async (id, asOf) => {
      const account = await accountAsOf(place, await readManifest(dir), id, asOf)
      return account === null ? null : withoutTrades(account)
    },
    accountAsOf: async (id, asOf) => accountAsOf(place, await readManifest(dir), id, asOf),
    snapshotsAsOf: async function* (asOf) {
      yield* snapshotsAsOf(place, await readManifest(dir), asOf)
    },
    rows: async function* (pairs, traitsAt, opened) {
      yield* rowsKnown(place, await readManifest(dir), pairs, traitsAt, opened)
    },
    interactions: async (asOf) => interactions(place, await readManifest(dir), asOf),
    profilesKnown: async function* (asOf) {
      yield* profilesKnown(place, await readManifest(dir), asOf)
    },
    eventsKnown: async function* (asOf) {
      yield* eventsKnown(place, await readManifest(dir), asOf)
    },
    eventIdsSince: async function* (sequence) {
      yield* eventIdsSince(place, await readManifest(dir), sequence)
    },
    eventIdsOf: async (id) => eventIdsOf(place, await readManifest(dir), id),
    heldOn: async (id) => heldOn(place, await readManifest(dir), id),
    held: async function* () {
      yield* held(place, await readManifest(dir))
    },
    navsKnown: async function* (asOf, productId) {
      yield* navsKnown(place, await readManifest(dir), asOf, productId)
    },
    navFactsAsOf: async (productId, asOf) => {
      for await (const { revisions } of navsKnown(place, await readManifest(dir), asOf, productId))
        return navWindowsKnown(revisions, asOf)
      return null
    },
    allNavFactsAsOf: async (asOf) => navWindowsAsOf(place, await readManifest(dir), asOf),
    cancelledIds: async () => cancelledIds(place, await readManifest(dir)),
    exposuresTold: async function* (period) {
      yield* exposuresTold(place, await readManifest(dir), period)
    },
    exposuresImported: async (period) => exposuresImported(place, await readManifest(dir), period),
    sequence: async () => (await readManifest(dir)).nextSeq,
    newestKnown: async () => newestKnown(place, await readManifest(dir)),
    counts: async () => {
      const manifest = await readManifest(dir)
      const profiles = relation(dir, manifest, 'investors')
      const [found] = await database.rows(`SELECT count(DISTINCT id)::DOUBLE FROM ${profiles}`)
      const events = manifest.files.filter(({ kind }) => kind === 'events').reduce((sum, { rows }) => sum + rows, 0)
      return { investors: Number(found?.[0]), events }
    },
    eraseInvestor: writer.erase,
    close: async () => {
      await database.close()
      await rm(spill, { recursive: true, force: true })
    },
  }
}
