import { type NavRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { type DataFile, type Manifest } from './manifest.js'
import { selectFreshNavs } from './navs.js'
import { type Place, writeParquet } from './parquet.js'
import { type Batch } from './port.js'
import { createTable, eventRow, investorRow, navRow, relation } from './tables.js'

/** Rows taken in and not yet written: tables of the in-memory DuckDB, rows numbered from 0 as they come. */
export type Staging = {
  readonly investors: Batch['investors']
  readonly events: Batch['events']
  /** `learntAt`: when a NAV became known that corrects another; the last told is of all. */
  readonly navs: (records: readonly NavRecord[], learntAt: Instant) => Promise<void>
  /** Writes what is new beside `manifest` as files, still unlisted, and returns the manifest that lists them. */
  readonly write: (manifest: Manifest) => Promise<Written>
  readonly drop: () => Promise<void>
}

export type Written = {
  readonly manifest: Manifest
  readonly investors: number
  readonly added: number
  readonly duplicates: number
  /** Numbers, within the staging, of the events that were new. */
  readonly fresh: () => Promise<readonly number[]>
}

/** The first staged row of every event id that the history does not hold. */
const selectFresh = (staged: string, existing: string): string => `
  WITH known AS (SELECT event_id FROM ${existing} SEMI JOIN ${staged} USING (event_id)),
       firsts AS (SELECT min(seq) AS seq FROM ${staged} GROUP BY event_id)
  SELECT staged.* FROM ${staged} AS staged SEMI JOIN firsts USING (seq) ANTI JOIN known USING (event_id)`

/** Rows of a table with their numbers moved to where the history's own go on. */
const numbered = (table: string, nextSeq: number): string =>
  `(SELECT * REPLACE (seq + ${nextSeq} AS seq) FROM ${table})`

export const openStaging = async (place: Place, key: string, source: string): Promise<Staging> => {
  const { database, dir } = place
  const [investors, events, fresh, navs] = [`investors_${key}`, `events_${key}`, `fresh_${key}`, `navs_${key}`]
  let next = 0
  /** Null: no NAV came, and there is no table of them, for single events should not wait for one. */
  let navsLearntAt: Instant | null = null
  await database.run(createTable(investors, 'investors'))
  await database.run(createTable(events, 'events'))

  const freshNavs = (manifest: Manifest, learntAt: Instant): string =>
    `(${selectFreshNavs(numbered(navs, manifest.nextSeq), relation(dir, manifest, 'navs'), learntAt)})`

  const write = async (manifest: Manifest): Promise<Written> => {
    const { nextSeq } = manifest
    await database.run(`CREATE TABLE ${fresh} AS ${selectFresh(events, relation(dir, manifest, 'events'))}`)
    const [staged] = await database.rows(`SELECT count(*)::DOUBLE FROM ${events}`)
    const files: (DataFile | null)[] = [
      await writeParquet(place, 'investors', numbered(investors, nextSeq)),
      await writeParquet(place, 'events', numbered(fresh, nextSeq)),
      navsLearntAt === null ? null : await writeParquet(place, 'navs', freshNavs(manifest, navsLearntAt)),
    ]
    const [profiles, added] = files.map((file) => file?.rows ?? 0)
    return {
      manifest: {
        ...manifest,
        nextSeq: nextSeq + next,
        files: [...manifest.files, ...files.filter((file) => file !== null)],
      },
      investors: profiles ?? 0,
      added: added ?? 0,
      duplicates: Number(staged?.[0]) - (added ?? 0),
      fresh: async () =>
        (await database.rows(`SELECT seq::DOUBLE FROM ${fresh} ORDER BY seq`)).map(([seq]) => Number(seq)),
    }
  }

  return {
    investors: (records, from = source) =>
      database.append(
        investors,
        records.map((record) => investorRow(record, from, next++)),
      ),
    events: (records, from = source) =>
      database.append(
        events,
        records.map((record) => eventRow(record, from, next++)),
      ),
    navs: async (records, learntAt) => {
      if (navsLearntAt === null) await database.run(createTable(navs, 'navs'))
      navsLearntAt = learntAt
      await database.append(
        navs,
        records.map((record) => navRow(record, source, next++)),
      )
    },
    write,
    drop: async () => {
      for (const table of [investors, events, fresh, navs]) await database.run(`DROP TABLE IF EXISTS ${table}`)
    },
  }
}
