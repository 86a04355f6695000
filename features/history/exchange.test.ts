import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type DuckDb, literal, openDuckDb } from '../../storage/duckdb.js'
import { identifierCipher } from '../../storage/identifierCipher.js'
import { cancellation, investorRecord } from '../../tests/sampleRecords.js'
import { anyTrade, tradeRecord } from '../../tests/randomTrades.js'
import { type ProductId } from '../schema/ids.js'
import { type EventRecord, type InvestorRecord, type NavRecord } from '../schema/records.js'
import { dateOfDayNumber } from '../schema/time.js'
import { exportHistory, fileOf } from './exportFile.js'
import { openHistory } from './history.js'
import { importHistory } from './importFile.js'
import { FileKind } from './manifest.js'
import { type History } from './port.js'
import { protectedHistory } from './protectedHistory.js'

let dir: string
let database: DuckDb
const opened: History[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-exchange-'))
  database = await openDuckDb(join(dir, 'spill'))
})
afterEach(async () => {
  for (const history of opened.splice(0)) await history.close()
  await database.close()
  await rm(dir, { recursive: true })
})
const open = async (name: string): Promise<History> => {
  const history = await openHistory(join(dir, name))
  opened.push(history)
  return history
}

const at = 1_000
const take = (history: History, from: string, dryRun = false) =>
  importHistory(history, database, join(dir, from), { at, dryRun, told: () => undefined })
const give = (history: History, to: string) => exportHistory(history, database, join(dir, to), () => undefined)

/** All that a history says, but for its rows' numbers. */
async function saidBy(history: History): Promise<unknown> {
  const [profiles, events, navs]: unknown[][] = [[], [], []]
  for await (const held of history.held()) {
    profiles?.push(...held.profiles.map(({ seq: _, ...row }) => row))
    events?.push(...held.events.map(({ seq: _, ...row }) => row))
  }
  for await (const product of history.navsKnown(null)) navs?.push(product)
  return { profiles, events, navs }
}

const owner = fc.constantFrom('a', 'b', 'B')
const source = fc.constantFrom('api', 'import')
const anyFacts = fc.record({
  profiles: fc.array(fc.tuple(source, owner, fc.nat(5), fc.constantFrom(1, 2)), { maxLength: 6 }),
  events: fc.array(fc.tuple(source, owner, anyTrade, fc.nat(9)), { maxLength: 12 }),
  cancelled: fc.array(fc.tuple(owner, fc.nat(40), fc.nat(12)), { maxLength: 3 }),
  navs: fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.nat(9)), {
    maxLength: 8,
    selector: ([of, day, , , knownAt]) => `${of} ${day} ${knownAt}`,
  }),
})
type Facts = typeof anyFacts extends fc.Arbitrary<infer T> ? T : never

async function write(history: History, { profiles, events, cancelled, navs }: Facts): Promise<void> {
  const batch = await history.begin('import')
  for (const [from, who, knownAt, horizon] of profiles)
    await batch.investors([investorRecord(who, knownAt, horizon)] satisfies InvestorRecord[], from)
  for (const [n, [from, who, trade, late]] of events.entries()) {
    const { value } = tradeRecord(`e${n}`, who, trade)
    await batch.events([{ value, knownAt: trade.at + late }] satisfies EventRecord[], from)
  }
  for (const [n, [who, when, which]] of cancelled.entries())
    await batch.events([cancellation(`c${n}`, who, when, `e${which}`)], 'api')
  const told = navs.map(([of, day, nav, isReturn, knownAt]): NavRecord => ({
    knownAt,
    value: { productId: `p${of}` as ProductId, date: dateOfDayNumber(day), nav: nav / 3, isReturn },
  }))
  await batch.navs(told, at)
  await batch.commit()
}

test('what was exported and imported is the same history; again, it adds nothing', async () => {
  let run = 0
  let rows = 0
  await fc.assert(
    fc.asyncProperty(anyFacts, async (facts) => {
      run += 1
      const [from, to] = [await open(`from-${run}`), await open(`to-${run}`)]
      await write(from, facts)
      const counts = await give(from, `files-${run}`)
      const said = await saidBy(from)
      const dry = await take(to, `files-${run}`, true)
      expect(await to.sequence()).toBe(0)
      const taken = await take(to, `files-${run}`)
      expect(taken).toEqual(dry)
      for (const kind of FileKind.options) expect(taken[kind].rows).toBe(counts[kind])
      expect(await saidBy(to)).toEqual(said)
      rows += counts.investors + counts.events + counts.navs
      expect(Object.values(await take(to, `files-${run}`)).map(({ added }) => added)).toEqual([0, 0, 0])
      expect(await saidBy(to)).toEqual(said)
    }),
    { numRuns: 5 },
  )
  expect(rows).toBeGreaterThan(20)
})

const sample = async (history: History): Promise<void> => {
  await history.appendInvestors([investorRecord('a', 3)], 'api')
  const view = tradeRecord('e1', 'a', { type: 'view', productId: 'p0', at: 5 })
  await history.appendEvents([view, cancellation('e2', 'a', 7, 'e1')], 'api')
}

test('identifiers encrypted at rest stand in clear in the files, which are their owner’s alone', async () => {
  const sealed = protectedHistory(await open('from'), identifierCipher(new Uint8Array(32).fill(7)))
  await sample(sealed)
  await give(sealed, 'files')
  expect((await stat(fileOf(join(dir, 'files'), 'events'))).mode & 0o777).toBe(0o600)
  const clear = await open('to')
  await take(clear, 'files')
  expect(await saidBy(clear)).toEqual(await saidBy(sealed))
  await expect(give(clear, 'files')).rejects.toThrow('events.parquet stands there already: name an empty folder')
  const other = protectedHistory(await open('other'), identifierCipher(new Uint8Array(32).fill(8)))
  await take(other, 'files')
  expect(Object.values(await take(other, 'files')).map(({ added }) => added)).toEqual([0, 0, 0])
})

test.each([
  ['events', "SELECT * REPLACE ('y' AS type)", 'events.parquet row 1, column type: '],
  ['events', "SELECT * REPLACE (if(event_id = 'e2', '{\"cancels\": 1}', payload) AS payload)", 'row 2, column payload'],
  ['events', 'SELECT * REPLACE (1001::BIGINT AS known_at)', 'row 1, column known_at: want no instant after'],
  ['investors', "SELECT * REPLACE ('{' AS record)", 'investors.parquet row 1, column record: want an object in JSON'],
  ['investors', "SELECT * REPLACE ('b' AS id)", "investors.parquet row 1, column id: want the record's"],
  ['investors', 'SELECT id, record', 'investors.parquet: want a Parquet file with the columns id VARCHAR, known_at'],
] as const)('a bad file of %s (%s) is refused, and nothing goes in', async (kind, select, words) => {
  const [from, to] = [await open('from'), await open('to')]
  await sample(from)
  await give(from, 'files')
  const file = fileOf(join(dir, 'files'), kind)
  await database.run(`CREATE TABLE bad AS ${select} FROM read_parquet(${literal(file)})`)
  await database.run(`COPY bad TO ${literal(file)} (FORMAT parquet)`)
  await expect(take(to, 'files')).rejects.toThrow(words)
  expect(await to.sequence()).toBe(0)
  await rm(file)
  await expect(take(to, 'files')).rejects.toThrow(`${kind}.parquet: want a Parquet file`)
  expect((await readdir(join(dir, 'to'))).filter((name) => name.endsWith('.parquet'))).toEqual([])
})
