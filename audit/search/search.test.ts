import fc from 'fast-check'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { counted } from '../../tests/full.js'
import { appendRandom, firms, persons, productIds } from '../../tests/randomRecord.js'
import { type PurchaseFacts } from '../purchases.js'
import { type ClassFacts } from '../investorRecords.js'
import { entryIdOf } from '../entry.js'
import { type Verdict } from '../inputs.js'
import { openRecord, type Record } from '../record.js'
import { outcomes, pageOf, type Query } from './query.js'
import { openSearch, type Search, SearchBehind, type SearchOptions } from './search.js'

let dir: string
let record: Record
let search: Search
const searchDir = (): string => join(dir, 'search')
const openAll = async (options: SearchOptions = { batch: 1000, waitFor: Infinity }): Promise<void> => {
  record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  search = openSearch(searchDir(), record, options)
}
const closeAll = async (): Promise<void> => {
  await search.close()
  await record.close()
}
const reopen = async (options?: SearchOptions): Promise<void> => {
  await closeAll()
  await openAll(options)
}
/** A ledger of so many entries, and what lies beside it, for the tests that follow. */
const over = (count: number): void => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-search-'))
    await openAll()
    await appendRandom(record, 0, count)
    await search.current()
  }, 120_000)
  afterAll(async () => {
    await closeAll()
    await rm(dir, { recursive: true })
  })
}

/** What a query asks of an entry, by a plain reading of the ledger and of what is sealed. */
type Plain = {
  readonly index: number
  readonly id: string
  readonly type: string
  readonly firm: string | null
  readonly pseudonym: string | null
  readonly at: number
  readonly products: readonly string[]
  readonly rules: readonly string[]
  readonly outcomes: readonly string[]
}

async function scan(): Promise<readonly Plain[]> {
  const all: Plain[] = []
  for await (const { index, entry } of record.ledger.iterate()) {
    const firm = 'firmId' in entry ? entry.firmId : null
    const pseudonym = 'pseudonym' in entry ? entry.pseudonym : null
    const open = { index, id: entryIdOf(entry), type: entry.type, firm, pseudonym, at: entry.at }
    const [products, rules, ended]: string[][] = [[], [], []]
    if (entry.type === 'decision') {
      const found = await record.read(entry.firmId, entry.decisionId)
      const verdict: Verdict['withheld'] | undefined = found?.decision?.withheld
      rules?.push(...Object.keys(verdict?.byRule ?? {}))
      ended?.push(entry.outcome.kind)
      if (entry.outcome.kind === 'refusal') {
        rules?.push(entry.outcome.ruleId ?? 'none')
        ended?.push(entry.outcome.refusal)
      } else products?.push(...entry.outcome.slate.map(({ productId }) => productId))
    } else if (entry.type === 'purchase-check') {
      const facts = (await record.factsOf(entry)) as PurchaseFacts | 'erased'
      if (facts !== 'erased') {
        products?.push(facts.check.request.productId)
        rules?.push(...[...facts.check.findings, ...facts.check.warnings].map(({ ruleId }) => ruleId))
        ended?.push(facts.check.verdict)
      }
    } else if (entry.type === 'class-change') {
      const facts = (await record.factsOf(entry)) as ClassFacts | 'erased'
      if (facts !== 'erased') ended?.push(facts.verdict.granted ? 'granted' : 'not-granted')
    }
    all.push({ ...open, products: products ?? [], rules: rules ?? [], outcomes: ended ?? [] })
  }
  return all
}

const matches = (query: Query, entry: Plain): boolean =>
  (entry.firm === null || entry.firm === query.firmId) &&
  (query.pseudonym === undefined || entry.pseudonym === query.pseudonym) &&
  (query.productId === undefined || entry.products.includes(query.productId)) &&
  (query.ruleId === undefined || entry.rules.includes(query.ruleId)) &&
  (query.outcome === undefined || entry.outcomes.includes(query.outcome)) &&
  (query.type === undefined || entry.type === query.type) &&
  (query.from === undefined || entry.at >= query.from) &&
  (query.to === undefined || entry.at < query.to)

const find = (query: Query, limit: number, after?: number): Promise<readonly { readonly ledger_index: unknown }[]> =>
  search.read((database, from) => pageOf(database, from, query, { limit, after }))

/** All pages of a query, by their cursors. */
async function everyPage(query: Query, limit: number): Promise<readonly number[]> {
  const all: number[] = []
  for (;;) {
    const page = (await find(query, limit, all.at(-1))).map(({ ledger_index: index }) => Number(index))
    all.push(...page)
    if (page.length < limit) return all
  }
}

const expected = (plain: readonly Plain[], query: Query): readonly number[] =>
  plain
    .filter((entry) => matches(query, entry))
    .map(({ index }) => index)
    .reverse()

/** Holds random queries against the scan; tells how many of them found something. */
async function holdAgainstScan(plain: readonly Plain[], runs: number): Promise<number> {
  let found = 0
  const pseudonyms = [...new Set(plain.flatMap(({ pseudonym }) => pseudonym ?? []))] as Query['pseudonym'][]
  const rules = [...new Set(plain.flatMap((entry) => entry.rules))]
  const types = [...new Set(plain.map(({ type }) => type))] as Query['type'][]
  const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })
  const instant = maybe(plain.map(({ at }) => at))
  const query: fc.Arbitrary<Query> = fc.record({
    firmId: fc.constantFrom(...firms),
    pseudonym: maybe(pseudonyms),
    productId: maybe(productIds),
    ruleId: maybe(rules),
    outcome: maybe(outcomes),
    type: maybe(types),
    from: instant,
    to: instant,
  })
  await fc.assert(
    fc.asyncProperty(query, fc.integer({ min: 50, max: 5000 }), async (asked, limit) => {
      const want = expected(plain, asked)
      if (want.length > 0) found += 1
      expect(await everyPage(asked, limit)).toEqual(want)
    }),
    { numRuns: runs },
  )
  return found
}

describe('beside a plain scan', () => {
  const count = counted(20_000)
  over(count)
  test('a search finds what a plain scan of the ledger finds, also after a restart and what came since', async () => {
    expect(await holdAgainstScan(await scan(), 60)).toBeGreaterThan(5)
    await appendRandom(record, count, 500)
    await reopen()
    await search.current()
    await appendRandom(record, count + 500, 37)
    await search.current()
    const plain = await scan()
    expect(await holdAgainstScan(plain, 60)).toBeGreaterThan(5)
    // Each single condition finds something of both firms.
    for (const firmId of firms) {
      for (const ruleId of [...new Set(plain.flatMap(({ rules }) => rules))].filter((rule) => rule !== 'none'))
        expect(await everyPage({ firmId, ruleId }, 5000)).toEqual(expected(plain, { firmId, ruleId }))
      for (const outcome of outcomes)
        expect(await everyPage({ firmId, outcome }, 5000)).toEqual(expected(plain, { firmId, outcome }))
      for (const productId of productIds.slice(-20))
        expect(await everyPage({ firmId, productId }, 5000)).toEqual(expected(plain, { firmId, productId }))
    }
  }, 120_000)
})

const rowsOf = (): Promise<readonly (readonly unknown[])[]> =>
  search.read((database, from) => database.rows(`SELECT * FROM ${from} ORDER BY ledger_index`))

describe('files', () => {
  over(600)
  test('files are few, and lie without gaps however they were added', async () => {
    const before = await rowsOf()
    for (let n = 0; n < 70; n++) {
      await appendRandom(record, 100_000 + n, 1)
      await search.current()
    }
    const after = await rowsOf()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.map((row) => Number(row[0]))).toEqual(after.map((_, n) => n))
    expect(after).toHaveLength(record.ledger.size())
    expect((await readdir(searchDir())).filter((name) => name.endsWith('.parquet')).length).toBeLessThan(30)
  }, 60_000)

  const parquet = async (): Promise<readonly string[]> =>
    (await readdir(searchDir())).filter((name) => name.includes('.parquet'))

  test.each<[string, () => Promise<unknown>]>([
    ['the whole folder is deleted', () => rm(searchDir(), { recursive: true })],
    ['a file is missing', async () => rm(join(searchDir(), (await parquet())[0] ?? ''))],
    ['a file was cut', async () => truncate(join(searchDir(), (await parquet())[0] ?? ''), 100)],
    ['the manifest is no JSON', () => writeFile(join(searchDir(), 'manifest.json'), '{')],
    [
      'the manifest names another last entry',
      async () => {
        const file = join(searchDir(), 'manifest.json')
        await writeFile(file, (await readFile(file, 'utf8')).replace(/"last":"[0-9a-f]{8}/, '"last":"00000000'))
      },
    ],
    [
      'a crash left files that nothing lists',
      async () => {
        await writeFile(join(searchDir(), 'entries-0123456789abcdef.parquet'), 'half')
        await writeFile(join(searchDir(), 'entries-0123456789abcdef.parquet.tmp'), 'half')
      },
    ],
  ])('all is there again after: %s', async (_what, damage) => {
    const before = await rowsOf()
    await closeAll()
    await damage()
    await openAll()
    await search.current()
    expect(isDeepStrictEqual(await rowsOf(), before)).toBe(true)
    expect(await parquet()).not.toContain('entries-0123456789abcdef.parquet')
    expect(await parquet()).not.toContain('entries-0123456789abcdef.parquet.tmp')
  })

  test('who asks of a search that lacks much is told to come again; following takes it in', async () => {
    await closeAll()
    await rm(searchDir(), { recursive: true })
    await openAll({ batch: 90, waitFor: 100 })
    await expect(search.current()).rejects.toThrow(SearchBehind)
    const told: unknown[] = []
    search.follow(5, (error) => told.push(error))
    const until = Date.now() + 60_000
    while (Date.now() < until && (await rowsOf()).length < record.ledger.size())
      await new Promise((on) => setTimeout(on, 20))
    expect(await rowsOf()).toHaveLength(record.ledger.size())
    expect(told).toEqual([])
    await reopen()
  }, 90_000)

  test('an erased person is found by what the ledger says in clear alone, and the others as before', async () => {
    const [firmId] = firms
    const investorId = persons[3] ?? persons[0]
    if (investorId === undefined) throw new Error('there are persons')
    const pseudonym = await record.persons.pseudonymOf(firmId, investorId)
    if (pseudonym === null) throw new Error('he has entries')
    const before = await rowsOf()
    await search.erase(pseudonym)
    // Between the two nothing enters again, though his key is still there.
    await appendRandom(record, 200_000, 200)
    await search.current()
    await record.erase(firmId, investorId)
    const after = await rowsOf()
    const plain = await scan()
    expect(await holdAgainstScan(plain, 40)).toBeGreaterThan(3)
    const names = await search.read(async (database, from) =>
      (await database.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${from})`)).map(([name]) => String(name)),
    )
    const at = (name: string): number => names.indexOf(name)
    const isHis = (row: readonly unknown[]): boolean => row[at('pseudonym')] === pseudonym
    expect(after.filter(isHis).length).toBeGreaterThan(before.filter(isHis).length)
    for (const row of after.filter(isHis)) {
      expect(
        [row[at('sealed')], ...row.slice(at('sealed') + 1)].filter((cell) => cell !== null && cell !== 'erased'),
      ).toEqual([])
    }
    expect(after.slice(0, before.length).filter((row) => !isHis(row))).toEqual(before.filter((row) => !isHis(row)))
    // Made anew from the ledger and the persons that are left, it is the same.
    await closeAll()
    await rm(searchDir(), { recursive: true })
    await openAll()
    await search.current()
    expect(await rowsOf()).toEqual(after)
  }, 60_000)
})
