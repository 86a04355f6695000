import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId } from '../../features/schema/ids.js'
import { type DuckDb, openDuckDb } from '../../storage/duckdb.js'
import { cellsOf, columns, createTable, type Row } from './columns.js'
import { sampleOf } from './sample.js'

const firmId = FirmId.parse('default')
const empty = Object.fromEntries(columns.map(({ name }) => [name, null])) as Row
const row = (index: number, changes: Partial<Row> = {}): Row => ({
  ...{ ...empty, ledger_index: index, entry_id: `d-${index}`, type: 'decision', firm: 'default' },
  ...{ mode: 'live', at_ms: index, ...changes },
})

let dir: string
let database: DuckDb
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sample-'))
  database = await openDuckDb(join(dir, 'spill'), '256MB')
  await database.run(createTable('held'))
  const others = [row(40, { mode: 'historical' }), row(41, { firm: 'other' }), row(42, { type: 'assessment' })]
  await database.append('held', [...Array.from({ length: 30 }, (_, index) => row(index)), ...others].map(cellsOf))
})
afterAll(async () => {
  await database.close()
  await rm(dir, { recursive: true })
})

/** As the documentation says it, without SQL. */
const drawn = (seed: number, count: number, from = 0, to = 30): readonly string[] =>
  Array.from({ length: to - from }, (_, place) => `d-${from + place}`)
    .map((id) => ({ id, hash: createHash('sha256').update(`aptus sample 1 ${seed} ${id}`).digest('hex') }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id)

test.each([
  [1, 5, undefined, undefined],
  [2, 5, undefined, undefined],
  [1, 100, undefined, undefined],
  [1, 3, 10, 20],
])('seed %d: the %d live decisions of the firm whose hash is least, in that order', async (seed, count, from, to) => {
  const { population, rows } = await sampleOf(database, 'held', { firmId, seed, count, from, to })
  expect(rows.map(({ entry_id }) => entry_id)).toEqual(drawn(seed, count, from, to))
  expect(population).toBe((to ?? 30) - (from ?? 0))
})

test('of nothing, nothing is drawn', async () => {
  const nothing = { population: 0, rows: [] }
  expect(await sampleOf(database, 'held', { firmId, seed: 1, count: 5, from: 1000 })).toEqual(nothing)
})
