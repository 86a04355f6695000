import { chmod, rename, rm } from 'node:fs/promises'
import { type DuckDb, literal } from '../../storage/duckdb.js'
import { syncFile } from '../../storage/replaceFile.js'
import { columns } from './columns.js'
import { conditionOf, type Query } from './query.js'

export const exportFormats = ['parquet', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What a spreadsheet would take for a formula: OWASP, CSV Injection. */
const formula = '^[=+\\-@\\t\\r]'

/** CSV: instants as RFC 3339, and an apostrophe before what a spreadsheet would run. */
const cellOf: Readonly<Record<ExportFormat, (name: string, type: string) => string>> = {
  parquet: (name) => (name === 'at_ms' ? 'epoch_ms(at_ms) AS at' : name),
  csv: (name, type) =>
    name === 'at_ms'
      ? `strftime(epoch_ms(at_ms), '%Y-%m-%dT%H:%M:%S.%gZ') AS at`
      : type === 'VARCHAR'
        ? `${neutralised(name === 'products' || name === 'rules' ? `trim(${name})` : name)} AS ${name}`
        : name,
}

/** An SQL text that no spreadsheet runs. */
export const neutralised = (sql: string): string =>
  `CASE WHEN regexp_matches(${sql}, '${formula}') THEN concat('''', ${sql}) ELSE ${sql} END`

const options: Readonly<Record<ExportFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  csv: "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL ''",
}

/**
 * Writes all that match (of the query null nothing does), in the ledger's order, as one file: aside, then under its name, for its owner's eyes alone.
 * In bounded memory: what sorting does not hold spills beside the search's files. Resolves to how many.
 */
export async function exportTo(
  file: string,
  format: ExportFormat,
  query: Query | null,
  { database, from }: { readonly database: DuckDb; readonly from: string },
): Promise<number> {
  const aside = `${file}.partial`
  const cells = columns.map(({ name, type }) => cellOf[format](name, type)).join(', ')
  const select = `SELECT ${cells} FROM ${from} WHERE ${query === null ? 'false' : conditionOf(query)} ORDER BY ledger_index`
  try {
    const [written] = await database.rows(
      `COPY (${select}) TO ${literal(aside)} (${options[format]}, USE_TMP_FILE false)`,
    )
    await chmod(aside, 0o600)
    await syncFile(aside)
    await rename(aside, file)
    return Number(written?.[0])
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
