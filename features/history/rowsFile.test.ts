import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDb, literal, openDuckDb } from '../../storage/duckdb.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { featureId } from '../definitions/feature.js'
import { readPairs, writeRows } from './rowsFile.js'

let dir: string
let database: DuckDb
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-rows-file-'))
  database = await openDuckDb(join(dir, 'spill'))
})
afterEach(async () => {
  await database.close()
  await rm(dir, { recursive: true })
})

const csv = async (text: string): Promise<string> => {
  await writeFile(join(dir, 'pairs.csv'), text)
  return join(dir, 'pairs.csv')
}

test('pairs come in the order of the lines, an investor once', async () => {
  const pairs = await readPairs(
    database,
    await csv('at,investor_id\n2026-05-08T15:00:00Z,b\n2026-05-08T15:00:01Z,a\n1970-01-01T00:00:00Z,b\n'),
  )
  expect(pairs.investorIds).toEqual(['b', 'a'])
  expect([...pairs.investor]).toEqual([0, 1, 0])
  expect([...pairs.at]).toEqual([Date.parse('2026-05-08T15:00:00Z'), Date.parse('2026-05-08T15:00:01Z'), 0])
})

test.each([
  [
    'an instant that is none',
    'investor_id,at\na,2026-05-08T15:00:00Z\na,yesterday\n',
    'row 2, column at: want an instant',
  ],
  ['an id that is none', 'investor_id,at\na b,2026-05-08T15:00:00Z\n', 'row 1, column investor_id: want 1 to 128'],
  ['another column', 'who,at\na,2026-05-08T15:00:00Z\n', 'want CSV or Parquet with the columns investor_id and at'],
])('%s is refused', async (_, text, words) => {
  await expect(readPairs(database, await csv(text))).rejects.toThrow(words)
})

const pairs = { investorIds: ['a', 'b'] as never, investor: Int32Array.of(1, 0), at: Float64Array.of(5, 86_400_000) }
async function* batches() {
  const vector = Float32Array.from(storedFeatures, (_, column) => (column === 1 ? Number.NaN : column + 0.1))
  yield { pair: Int32Array.of(1), values: vector, isKnown: Uint8Array.of(1) }
  yield { pair: Int32Array.of(0), values: new Float32Array(vector.length).fill(Number.NaN), isKnown: Uint8Array.of(0) }
  await Promise.resolve()
}

test('rows are written as floats by the ids of their features, missing as null, for the owner alone', async () => {
  const file = join(dir, 'rows.parquet')
  const told: number[] = []
  expect(await writeRows(database, file, pairs, batches(), (made) => told.push(made))).toBe(2)
  expect(told).toEqual([1, 2])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const columns = ['investor_id', 'at', 'is_known', ...storedFeatures.map(featureId)]
  const found = await database.rows(
    `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM read_parquet(${literal(file)})`,
  )
  expect(found).toEqual([
    ['a', '1970-01-02T00:00:00Z', true, ...storedFeatures.map((_, n) => (n === 1 ? null : Math.fround(n + 0.1)))],
    ['b', '1970-01-01T00:00:00.005Z', false, ...storedFeatures.map(() => null)],
  ])
  expect((await readPairs(database, file)).at).toEqual(Float64Array.of(86_400_000, 5))
})

test('what fails halfway leaves nothing behind; a place that cannot be written is told before', async () => {
  async function* broken() {
    yield* batches()
    throw new Error('halfway')
  }
  await expect(writeRows(database, join(dir, 'rows.parquet'), pairs, broken(), () => undefined)).rejects.toThrow(
    'halfway',
  )
  expect((await readdir(dir)).filter((name) => name.startsWith('rows'))).toEqual([])
  const nowhere = writeRows(database, join(dir, 'none', 'rows.parquet'), pairs, batches(), () => undefined)
  await expect(nowhere).rejects.toMatchObject({ code: 'ENOENT' })
})
