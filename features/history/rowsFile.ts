import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { type Cell, type DuckDb, literal } from '../../storage/duckdb.js'
import { syncFile } from '../../storage/replaceFile.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { featureId } from '../definitions/feature.js'
import { InvestorId } from '../schema/ids.js'
import { formatInstant, InstantText } from '../schema/time.js'
import { type Pairs, type Rows } from './port.js'

/** A file of pairs that cannot be read, or holds what is none: what, where, and what is wanted instead. */
export class PairsError extends Error {}

/**
 * The pairs of a CSV or Parquet file with the columns `investor_id` and `at` (an instant such as 2026-05-08T15:00:00Z),
 * in the order of its lines. Rejects with PairsError.
 */
export async function readPairs(database: DuckDb, file: string): Promise<Pairs> {
  const from = file.endsWith('.parquet')
    ? `read_parquet(${literal(file)})`
    : `read_csv(${literal(file)}, header = true, all_varchar = true, auto_detect = true)`
  const ids = new Map<string, number>()
  const [investor, at]: [number[], number[]] = [[], []]
  const stream = database.stream(`SELECT investor_id::VARCHAR, "at"::VARCHAR FROM ${from}`)
  try {
    for await (const [names = [], instants = []] of stream)
      for (const [row, name] of names.entries()) {
        const id = InvestorId.safeParse(name)
        if (!id.success) throw faulty(investor.length, 'investor_id', id.error.issues[0]?.message)
        const instant = InstantText.safeParse(String(instants[row]))
        if (!instant.success) throw faulty(investor.length, 'at', instant.error.issues[0]?.message)
        const index = ids.get(id.data) ?? ids.size
        ids.set(id.data, index)
        investor.push(index)
        at.push(instant.data)
      }
  } catch (error) {
    if (error instanceof PairsError) throw error
    throw new PairsError('the file of pairs cannot be read: want CSV or Parquet with the columns investor_id and at', {
      cause: error,
    })
  }
  return {
    investorIds: [...ids.keys()] as InvestorId[],
    investor: Int32Array.from(investor),
    at: Float64Array.from(at),
  }
}

const faulty = (row: number, column: string, want: string | undefined): PairsError =>
  new PairsError(`row ${row + 1}, column ${column}: ${want ?? 'it is not valid'}`)

const width = storedFeatures.length
const columns = storedFeatures.map((_, column) => `f${column}`)

/**
 * Writes rows as one Parquet file, for its owner's eyes alone: investor_id, at, is_known, then a FLOAT column a stored
 * feature, named by its id; null is missing. Aside, synced, renamed. `told` hears how many rows were made.
 */
export async function writeRows(
  database: DuckDb,
  file: string,
  pairs: Pairs,
  rows: AsyncIterable<Rows>,
  told: (made: number) => void,
): Promise<number> {
  const aside = `${file}.partial`
  // A place that cannot be written is told before the rows are made.
  await writeFile(aside, '', { mode: 0o600 })
  const fields = columns.map((name) => `${name} DOUBLE`).join(', ')
  await database.run(`CREATE TABLE made (investor_id VARCHAR, moment VARCHAR, is_known BIGINT, ${fields})`)
  const named = storedFeatures.map((feature, column) => `f${column}::FLOAT AS "${featureId(feature)}"`).join(', ')
  const select = `SELECT investor_id, moment AS "at", is_known = 1 AS is_known, ${named} FROM made`
  let made = 0
  try {
    for await (const batch of rows) {
      await database.append('made', cellsOf(pairs, batch))
      told((made += batch.pair.length))
    }
    await database.run(`COPY (${select}) TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`)
    await chmod(aside, 0o600)
    await syncFile(aside)
    await rename(aside, file)
    return made
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

function* cellsOf({ investorIds, investor, at }: Pairs, { pair, values, isKnown }: Rows): Generator<readonly Cell[]> {
  for (const [row, place] of pair.entries()) {
    const cells: Cell[] = [
      investorIds[investor[place] ?? -1] ?? null,
      formatInstant(at[place] ?? Number.NaN),
      isKnown[row] ?? 0,
    ]
    for (const value of values.subarray(row * width, (row + 1) * width))
      cells.push(Number.isNaN(value) ? null : { real: value })
    yield cells
  }
}
