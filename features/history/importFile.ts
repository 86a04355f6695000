import { type DuckDb } from '../../storage/duckdb.js'
import { type ProductId } from '../schema/ids.js'
import { dateOfDayNumber, type Instant } from '../schema/time.js'
import { fileOf } from './exportFile.js'
import { checkColumns, type Numbered, rowsOf } from './importedFile.js'
import { navKey, profileKey, type RecordOf } from './importedRow.js'
import { FileKind } from './manifest.js'
import { type Batch, type History } from './port.js'

export type ImportOfHistory = {
  /** When this takes place: nothing may be known from later on. */
  readonly at: Instant
  /** Everything is read and checked, and nothing written. */
  readonly dryRun: boolean
  readonly told: (kind: FileKind, rows: number) => void
}
/** Rows that a file has, and how many of them were not there yet. */
export type ImportedHistory = Readonly<Record<FileKind, { readonly rows: number; readonly added: number }>>

/** What facts of a kind the history holds already, by their keys. */
async function* keysIn(history: History, kind: FileKind): AsyncIterable<readonly string[]> {
  if (kind === 'events') yield* history.eventIdsSince(0)
  else if (kind === 'investors') for await (const { profiles } of history.held()) yield profiles.map(profileKey)
  else
    for await (const { productId, revisions } of history.navsKnown(null))
      yield Array.from(revisions.days, (day, n) => navKey(navAt(productId, day, revisions, n)))
}

const navAt = (
  productId: ProductId,
  day: number,
  { navs, isReturn, knownAt }: { navs: ArrayLike<number>; isReturn: ArrayLike<number>; knownAt: ArrayLike<number> },
  n: number,
): RecordOf['navs'] => ({
  knownAt: knownAt[n] ?? Number.NaN,
  value: { productId, date: dateOfDayNumber(day), nav: navs[n] ?? Number.NaN, isReturn: isReturn[n] === 1 },
})

/** Checks a file, and makes the table `fresh` of the places of its rows that are not in the history. */
async function freshRows(
  database: DuckDb,
  history: History,
  { file, kind, at }: { readonly file: string; readonly kind: FileKind; readonly at: Instant },
  told: (rows: number) => void,
): Promise<{ readonly rows: number; readonly added: number }> {
  await database.run('CREATE OR REPLACE TABLE given (n BIGINT, key VARCHAR)')
  await database.run('CREATE OR REPLACE TABLE there (key VARCHAR)')
  let rows = 0
  for await (const batch of rowsOf(database, file, kind, at)) {
    await database.append(
      'given',
      batch.map(({ row, key }) => [row, key]),
    )
    told((rows += batch.length))
  }
  for await (const keys of keysIn(history, kind))
    await database.append(
      'there',
      keys.map((key) => [key]),
    )
  // Of two equal profiles a third may have come in between: the order of all three says which is the newest.
  const once = kind === 'investors' ? '' : 'QUALIFY row_number() OVER (PARTITION BY key ORDER BY n) = 1'
  await database.run(`CREATE OR REPLACE TABLE fresh AS SELECT n FROM given ANTI JOIN there USING (key) ${once}`)
  const [found] = await database.rows('SELECT count(*)::DOUBLE FROM fresh')
  return { rows, added: Number(found?.[0]) }
}

/** Ascending places, one after another. */
async function* placesOf(database: DuckDb): AsyncGenerator<number, null> {
  for await (const [places = []] of database.stream('SELECT n::DOUBLE FROM fresh ORDER BY n'))
    for (const place of places) yield Number(place)
  return null
}

const bySource = (rows: readonly Numbered<FileKind>[]): readonly Numbered<FileKind>[][] => {
  const groups: Numbered<FileKind>[][] = []
  for (const row of rows) {
    const group = groups.at(-1)
    if (group?.[0]?.source === row.source) group.push(row)
    else groups.push([row])
  }
  return groups
}

const given = async (batch: Batch, kind: FileKind, rows: readonly Numbered<FileKind>[], at: Instant): Promise<void> => {
  const records = rows.map(({ record }) => record)
  if (kind === 'investors') await batch.investors(records as RecordOf['investors'][], rows[0]?.source)
  else if (kind === 'events') await batch.events(records as RecordOf['events'][], rows[0]?.source)
  else await batch.navs(records as RecordOf['navs'][], at)
}

/** The fresh rows into the batch, in their order; those of one source that are neighbours together. */
async function take(
  database: DuckDb,
  batch: Batch,
  { file, kind, at }: { readonly file: string; readonly kind: FileKind; readonly at: Instant },
): Promise<void> {
  const places = placesOf(database)
  try {
    let next = await places.next()
    for await (const rows of rowsOf(database, file, kind, at)) {
      const fresh: Numbered<FileKind>[] = []
      for (const row of rows) {
        if (row.row !== next.value) continue
        fresh.push(row)
        next = await places.next()
      }
      for (const group of bySource(fresh)) await given(batch, kind, group, at)
    }
  } finally {
    await places.return(null)
  }
}

/**
 * Takes in what `exportHistory` wrote: all of it at once, or nothing where a row is not as it must be (ExchangeError,
 * with file, row and column). What is there already is not added again, so it may be repeated.
 */
export async function importHistory(
  history: History,
  database: DuckDb,
  dir: string,
  { at, dryRun, told }: ImportOfHistory,
): Promise<ImportedHistory> {
  for (const kind of FileKind.options) await checkColumns(database, fileOf(dir, kind), kind)
  const batch = await history.begin('import')
  const one = async (kind: FileKind) => {
    const from = { file: fileOf(dir, kind), kind, at }
    const counts = await freshRows(database, history, from, (rows) => told(kind, rows))
    if (!dryRun && counts.added > 0) await take(database, batch, from)
    return counts
  }
  const all = async () => ({ investors: await one('investors'), events: await one('events'), navs: await one('navs') })
  const counts = await all().catch(async (error: unknown) => {
    await batch.abort()
    throw error
  })
  await (dryRun ? batch.abort() : batch.commit())
  return counts
}
