import { type FirmId } from '../../features/schema/ids.js'
import { type DuckDb } from '../../storage/duckdb.js'
import { type Row } from './columns.js'
import { conditionOf, rowsOf } from './query.js'
import { type Period } from './search.js'

/** Decisions that were served to investors: live ones of a firm in a period. */
const population = (firmId: FirmId, period: Period): string =>
  `${conditionOf({ firmId, type: 'decision', ...period })} AND mode = 'live'`

/** What is hashed of a decision to draw it, before its id. */
export const drawnBy = (seed: number): string => `aptus sample 1 ${seed} `

/**
 * A uniform sample without replacement: the `count` live decisions whose SHA-256 of `aptus sample 1 SEED ID` (UTF-8) is
 * least, in that order. Whoever has the ledger draws the same; whoever wrote it could not know the seed.
 */
export async function sampleOf(
  database: DuckDb,
  from: string,
  {
    firmId,
    count,
    seed,
    ...period
  }: Period & { readonly firmId: FirmId; readonly count: number; readonly seed: number },
): Promise<{ readonly population: number; readonly rows: readonly Row[] }> {
  const condition = population(firmId, period)
  const [counted] = await database.rows(`SELECT count(*)::DOUBLE FROM ${from} WHERE ${condition}`)
  const drawn = await database.rows(
    `SELECT ledger_index::DOUBLE FROM ${from} WHERE ${condition}
     ORDER BY sha256(concat('${drawnBy(seed)}', entry_id)) LIMIT ${count}`,
  )
  const places = drawn.map(([index]) => Number(index))
  if (places.length === 0) return { population: 0, rows: [] }
  const rows = await rowsOf(database, from, `WHERE ledger_index IN (${places.join(', ')})`)
  const byPlace = new Map(rows.map((row) => [Number(row.ledger_index), row]))
  return { population: Number(counted?.[0]), rows: places.flatMap((place) => byPlace.get(place) ?? []) }
}
