import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cell, type DuckDb, literal } from '../../storage/duckdb.js'
import { syncDirectory, syncFile } from '../../storage/replaceFile.js'
import { Investor } from '../schema/investor.js'
import { type InvestorRecord } from '../schema/records.js'
import { FileKind } from './manifest.js'
import { type History } from './port.js'
import { columns, eventRow } from './tables.js'

/** The columns of an exported file: the history's, but that a row's place says when it arrived, and of NAVs no source is told. */
export const exportedColumns = (kind: FileKind): (typeof columns)[FileKind] =>
  columns[kind].filter(([name]) => name !== 'seq' && (kind !== 'navs' || name !== 'source'))

/** A directory that already holds an export, or a file that is none: what, where, and what is wanted instead. */
export class ExchangeError extends Error {}

export const fileOf = (dir: string, kind: FileKind): string => join(dir, `${kind}.parquet`)

/** How many rows of each kind. */
export type Exported = Readonly<Record<FileKind, number>>

/** A profile's record as the API takes it. What was kept before a field was asked for lacks it: unknown. */
export const recordText = ({ value }: InvestorRecord): string => {
  const bare = Investor.parse({ id: value.id, riskAssessment: null, consents: value.consents })
  return JSON.stringify(Investor.encode({ ...bare, ...value }))
}

async function* rowsOf(history: History, kind: FileKind): AsyncIterable<readonly (readonly Cell[])[]> {
  if (kind === 'navs')
    for await (const { productId, revisions } of history.navsKnown(null))
      yield Array.from(revisions.days, (day, n): readonly Cell[] => [
        productId,
        day,
        { real: revisions.navs[n] ?? Number.NaN },
        revisions.isReturn[n] ?? 1,
        revisions.knownAt[n] ?? 0,
      ])
  else
    for await (const { profiles, events } of history.held())
      yield kind === 'investors'
        ? profiles.map((held) => [held.value.id, held.knownAt, recordText(held), held.source])
        : events.map((held) => {
            const [cells, propensity] = [eventRow(held, held.source, 0), 9]
            return [...cells.slice(0, 8), cells[propensity] ?? null]
          })
}

/** One kind's rows as a file, for its owner's eyes alone: aside, synced, renamed. */
async function written(
  database: DuckDb,
  file: string,
  kind: FileKind,
  rows: ReturnType<typeof rowsOf>,
  told: (rows: number) => void,
): Promise<number> {
  const aside = `${file}.partial`
  await writeFile(aside, '', { mode: 0o600 })
  await database.run(
    `CREATE TABLE exported (${exportedColumns(kind)
      .map((column) => column.join(' '))
      .join(', ')})`,
  )
  let count = 0
  try {
    for await (const batch of rows) {
      await database.append('exported', batch)
      told((count += batch.length))
    }
    await database.run(
      `COPY exported TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)`,
    )
    await chmod(aside, 0o600)
    await syncFile(aside)
    await rename(aside, file)
    return count
  } finally {
    await database.run('DROP TABLE exported')
    await rm(aside, { force: true })
  }
}

/**
 * Writes everything that a history holds as three Parquet files into a directory that it makes: profiles and events in
 * the order of their arrival, with both their instants and their source, cancellations among the events, and NAVs with
 * what they corrected. Identifiers stand in clear. `importHistory` reads them. Rejects with ExchangeError where one is there.
 */
export async function exportHistory(
  history: History,
  database: DuckDb,
  dir: string,
  told: (kind: FileKind, rows: number) => void,
): Promise<Exported> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const there = (await readdir(dir)).find((name) => FileKind.options.some((kind) => name === `${kind}.parquet`))
  if (there !== undefined) throw new ExchangeError(`${there} stands there already: name an empty folder`)
  const one = (kind: FileKind): Promise<number> =>
    written(database, fileOf(dir, kind), kind, rowsOf(history, kind), (rows) => told(kind, rows))
  const counts = { investors: await one('investors'), events: await one('events'), navs: await one('navs') }
  await syncDirectory(dir)
  return counts
}
