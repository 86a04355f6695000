import { createHmac } from 'node:crypto'
import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { investorFeatures, pairFeatures, productFeatures } from '../features/definitions/catalogue.js'
import { featureId } from '../features/definitions/feature.js'
import { type Cell, type DuckDb, literal } from '../storage/duckdb.js'
import { syncFile } from '../storage/replaceFile.js'
import { type ExampleRow } from './exampleRows.js'

/** The features of a row, in their order. */
export const exampleFeatures = [...investorFeatures, ...productFeatures, ...pairFeatures]

/** Told beside the rows: what each column of a feature says. */
export const featureWords = exampleFeatures.map((feature) => ({
  column: featureId(feature),
  ...{ entity: feature.entity, type: feature.type, unit: feature.unit, meaning: feature.meaning },
}))

const rowsAtOnce = 10_000
const placeOf = exampleFeatures.map((_, place) => `f${place} DOUBLE`).join(', ')

/**
 * Writes rows as one Parquet file, for its owner's eyes alone: investor, at, product_id, bought, weight, split, then a FLOAT
 * column a feature, named by its id; null is missing. An investor is a pseudonym by `key`: who throws the key away cannot
 * find him again, and rows of one investor stay together. Aside, synced, renamed. `told` hears how many rows were made.
 */
export async function writeExamples(
  database: DuckDb,
  file: string,
  rows: Iterable<ExampleRow>,
  key: Uint8Array,
  told: (made: number) => void = () => undefined,
): Promise<number> {
  const aside = `${file}.partial`
  // A place that cannot be written is told before the rows are made.
  await writeFile(aside, '', { mode: 0o600 })
  await database.run(
    `CREATE TABLE example (investor VARCHAR, moment DOUBLE, product VARCHAR, bought BIGINT, weight DOUBLE, split VARCHAR, ${placeOf})`,
  )
  const named = exampleFeatures.map((feature, place) => `f${place}::FLOAT AS "${featureId(feature)}"`).join(', ')
  const select = `SELECT investor, epoch_ms(moment::BIGINT) AS "at", product AS product_id, bought = 1 AS bought, weight::FLOAT AS weight, split, ${named} FROM example`
  try {
    const made = await appended(database, rows, key, told)
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

async function appended(
  database: DuckDb,
  rows: Iterable<ExampleRow>,
  key: Uint8Array,
  told: (made: number) => void,
): Promise<number> {
  let made = 0
  let some: (readonly Cell[])[] = []
  const flush = async (): Promise<void> => {
    await database.append('example', some)
    told((made += some.length))
    some = []
  }
  for (const row of rows) if (some.push(cellsOf(row, key)) >= rowsAtOnce) await flush()
  await flush()
  return made
}

function cellsOf({ investorId, at, productId, bought, weight, split, features }: ExampleRow, key: Uint8Array): Cell[] {
  const pseudonym = createHmac('sha256', key).update(investorId).digest('hex').slice(0, 16)
  const values = features.flatMap((vector) =>
    Array.from(vector, (value) => (Number.isNaN(value) ? null : { real: value })),
  )
  return [pseudonym, { real: at }, productId, Number(bought), { real: weight }, split, ...values]
}
