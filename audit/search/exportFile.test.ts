import { parse } from 'csv-parse/sync'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId } from '../../features/schema/ids.js'
import { type DuckDb, literal, openDuckDb } from '../../storage/duckdb.js'
import { cellsOf, columns, createTable, type Row } from './columns.js'
import { exportTo } from './exportFile.js'

const firmId = FirmId.parse('default')
const empty = Object.fromEntries(columns.map(({ name }) => [name, null])) as Row
const row = (index: number, changes: Partial<Row>): Row => ({
  ...empty,
  ledger_index: index,
  entry_id: `d-${index}`,
  type: 'decision',
  firm: 'default',
  at_ms: Date.parse('2026-05-08T15:00:00Z') + index,
  ...changes,
})

let dir: string
let database: DuckDb
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "aptus o'export-"))
  database = await openDuckDb(join(dir, 'spill'), '256MB')
})
afterAll(async () => {
  await database.close()
  await rm(dir, { recursive: true })
})

async function exported(format: 'csv' | 'parquet', rows: readonly Row[]): Promise<string> {
  await database.run('DROP TABLE IF EXISTS held')
  await database.run(createTable('held'))
  await database.append('held', rows.map(cellsOf))
  const file = join(dir, `out.${format}`)
  expect(await exportTo(file, format, { firmId }, { database, from: 'held' })).toBe(rows.length)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  return file
}
const csvRows = async (rows: readonly Row[]): Promise<readonly Readonly<Record<string, string>>[]> =>
  parse(await readFile(await exported('csv', rows)), { columns: true })

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-P1', "'-P1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['a,b', 'a,b'],
  ['say "a"', 'say "a"'],
  ['two\nlines', 'two\nlines'],
  ['-', "'-"],
  ['d=1', 'd=1'],
  ['沪深', '沪深'],
])('a spreadsheet reads %j as text', async (cell, want) => {
  const texts = columns.filter(({ type, name }) => type === 'VARCHAR' && name !== 'firm').map(({ name }) => name)
  const spaced = new Set(['products', 'rules'])
  const cells = Object.fromEntries(texts.map((name) => [name, spaced.has(name) ? ` ${cell} ` : cell]))
  const [read] = await csvRows([row(0, cells)])
  for (const name of texts) expect([name, read?.[name]]).toEqual([name, want])
})

test('rows come in the order of the ledger, instants as RFC 3339, nothing as an empty cell', async () => {
  const rows = await csvRows([row(2, { withheld_total: 7 }), row(0, {}), row(1, {})])
  expect(rows.map(({ ledger_index }) => ledger_index)).toEqual(['0', '1', '2'])
  expect(rows[2]).toMatchObject({ at: '2026-05-08T15:00:00.002Z', withheld_total: '7', mode: '' })
  expect(Object.keys(rows[0] ?? {})).toEqual(columns.map(({ name }) => (name === 'at_ms' ? 'at' : name)))
})

test('Parquet holds the same cells, unchanged', async () => {
  const file = await exported('parquet', [row(1, { entry_id: '=1', products: ' P1 P2 ' }), row(0, {})])
  const read = await database.rows(
    `SELECT ledger_index::DOUBLE, entry_id, epoch_ms("at")::DOUBLE, products FROM read_parquet(${literal(file)})`,
  )
  expect(read).toEqual([
    [0, 'd-0', Date.parse('2026-05-08T15:00:00Z'), null],
    [1, '=1', Date.parse('2026-05-08T15:00:00.001Z'), ' P1 P2 '],
  ])
})

test('an export that fails leaves what was there, and nothing beside it', async () => {
  const file = join(dir, 'kept.csv')
  await writeFile(file, 'before')
  await expect(exportTo(file, 'csv', { firmId }, { database, from: 'absent_table' })).rejects.toThrow(/absent_table/)
  expect(await readFile(file, 'utf8')).toBe('before')
  expect((await readdir(dir)).filter((name) => name.endsWith('.partial'))).toEqual([])
})
