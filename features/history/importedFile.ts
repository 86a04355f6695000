import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { type DuckDb, literal } from '../../storage/duckdb.js'
import { formatInstant, type Instant } from '../schema/time.js'
import { ExchangeError, exportedColumns } from './exportFile.js'
import { type ImportedRow, type RecordOf, rowIn } from './importedRow.js'
import { type FileKind } from './manifest.js'

/** Refuses a file that is absent, no Parquet, or has other columns. */
export async function checkColumns(database: DuckDb, file: string, kind: FileKind): Promise<void> {
  const want = exportedColumns(kind)
  const words = `want a Parquet file with the columns ${want.map((column) => column.join(' ')).join(', ')}`
  const refused = (cause: unknown) => new ExchangeError(`${basename(file)}: ${words}`, { cause })
  await access(file).catch((cause: unknown) => Promise.reject(refused(cause)))
  const found = await database.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`).catch((cause: unknown) => {
    throw refused(cause)
  })
  const types = new Map(found.map(([name, type]) => [String(name), String(type)]))
  if (types.size !== want.length || want.some(([name, type]) => types.get(name) !== type)) throw refused(null)
}

export type Numbered<Kind extends FileKind> = ImportedRow<RecordOf[Kind]> & { readonly row: number }

/** The rows of a file, checked, some thousands at a time, with their places. */
export async function* rowsOf<Kind extends FileKind>(
  database: DuckDb,
  file: string,
  kind: Kind,
  at: Instant,
): AsyncIterable<readonly Numbered<Kind>[]> {
  const of = exportedColumns(kind)
  // A whole number beyond 2^53 is none of ours, and its double is refused as no safe integer.
  const selected = of.map(([name, type]) => (type === 'BIGINT' ? `${name}::DOUBLE` : name)).join(', ')
  const placeOf = new Map(of.map(([name], column) => [name, column]))
  let first = 0
  for await (const chunk of database.stream(`SELECT ${selected} FROM read_parquet(${literal(file)})`)) {
    const rows = Array.from({ length: chunk[0]?.length ?? 0 }, (_, n) => {
      try {
        const read = rowIn[kind]((column) => chunk[placeOf.get(column) ?? -1]?.[n] ?? null)
        if (read.record.knownAt > at)
          throw new ExchangeError(`column known_at: want no instant after this import, ${formatInstant(at)}`)
        return { ...read, row: first + n }
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error
        throw new ExchangeError(`${basename(file)} row ${first + n + 1}, ${error.message}`, { cause: error })
      }
    })
    first += rows.length
    yield rows
  }
}
