import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { foldEvents } from '../definitions/behaviour.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades } from '../definitions/holdings.js'
import { literal, openDuckDb } from '../../storage/duckdb.js'
import { Event } from '../schema/event.js'
import { type InvestorId } from '../schema/ids.js'
import { type EventRecord, type InvestorAccount, type InvestorRecord } from '../schema/records.js'
import { cancellation, bareInvestorRecord, eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { anyTrade, tradeRecord } from '../../tests/randomTrades.js'
import { type HistoryOptions, openHistory } from './history.js'
import { type History } from './port.js'

const id = (text: string): InvestorId => text as InvestorId
const everyone = async (history: History, asOf: number | null): Promise<InvestorAccount[]> => {
  const all: InvestorAccount[] = []
  for await (const batch of history.snapshotsAsOf(asOf)) all.push(...batch)
  return all
}
const parquetFiles = async (dir: string): Promise<string[]> =>
  (await readdir(dir)).filter((name) => name.includes('.parquet'))

describe('history', () => {
  let dir = ''
  let history: History
  const everyEvent = async (asOf: number): Promise<EventRecord[]> => {
    const all: EventRecord[] = []
    for await (const batch of history.eventsKnown(asOf)) all.push(...batch)
    return all
  }
  const reopen = async (options: HistoryOptions = {}): Promise<void> => {
    await history.close()
    history = await openHistory(dir, { memoryLimit: '256MB', ...options })
  }
  beforeEach(async () => {
    // A quote in the path: every path in a statement has to be an escaped literal.
    dir = join(await mkdtemp(join(tmpdir(), 'aptus-history-')), "o'neill")
    history = await openHistory(dir, { memoryLimit: '256MB' })
  })
  afterEach(async () => {
    await history.close()
    await rm(dirname(dir), { recursive: true })
  })

  test('an empty history answers every question', async () => {
    expect(await history.counts()).toEqual({ investors: 0, events: 0 })
    expect(await history.investorAsOf(id('a'), 10)).toBeNull()
    expect(await everyone(history, null)).toEqual([])
    expect((await history.interactions(10)).rows.at).toHaveLength(0)
    await history.eraseInvestor(id('a'))
  })

  const exposure = (eventId: string, propensity?: number): EventRecord => ({
    knownAt: 5,
    value: Event.parse({
      type: 'exposure',
      eventId,
      investorId: 'a',
      productId: 'p1',
      occurredAt: '1970-01-01T00:00:00.005Z',
      decisionId: 'd1',
      rank: 2,
      ...(propensity === undefined ? {} : { propensity }),
    }),
  })

  test('events come back as they were written, with the propensities of exposures', async () => {
    const written = [
      exposure('e3', 0.123456),
      exposure('e2'),
      eventRecord('e1', { investorId: 'b', productId: 'p', at: 7 }),
    ]
    await history.appendEvents(written, 'test')
    await history.appendEvents(
      [exposure('e0', 1), eventRecord('e9', { investorId: 'b', productId: 'p', at: 9 })],
      'test',
    )
    expect(await everyEvent(9)).toEqual([...written, exposure('e0', 1)])
  })

  test('files of before propensities were logged are read, alone, beside newer ones, and merged with them', async () => {
    await history.appendEvents([exposure('e1', 0.5), exposure('e2', 0.25)], 'test')
    const database = await openDuckDb(join(dir, 'spill-test'))
    for (const name of await parquetFiles(dir)) {
      const [file, old] = [join(dir, name), join(dir, 'old')]
      const select = `SELECT * EXCLUDE (propensity) FROM read_parquet(${literal(file)})`
      await database.run(`COPY (${select}) TO ${literal(old)} (FORMAT parquet)`)
      await rename(old, file)
    }
    await database.close()
    expect(await everyEvent(10)).toEqual([exposure('e1'), exposure('e2')])
    expect(await history.appendEvents([exposure('e2'), exposure('e3', 0.75)], 'test')).toMatchObject({ added: 1 })
    expect(await everyEvent(10)).toEqual([exposure('e1'), exposure('e2'), exposure('e3', 0.75)])
    await reopen({ mostSmallFiles: 1 })
    await history.appendEvents([exposure('e4', 1)], 'test')
    expect(await parquetFiles(dir)).toHaveLength(1 + 3)
    expect(await everyEvent(10)).toEqual([exposure('e1'), exposure('e2'), exposure('e3', 0.75), exposure('e4', 1)])
  })

  test.each([
    { asOf: 10, profile: null, purchased: 0 },
    { asOf: 11, profile: 1, purchased: 0 },
    { asOf: 16, profile: 1, purchased: 1 },
    { asOf: 20, profile: 1, purchased: 1 },
    { asOf: 21, profile: 2, purchased: 2 },
  ])('as of $asOf only what was known strictly before counts', async ({ asOf, profile, purchased }) => {
    await history.appendInvestors([investorRecord('a', 20, 2), investorRecord('a', 10, 1)], 'test')
    await history.appendEvents(
      [
        eventRecord('e2', { investorId: 'a', productId: 'p2', at: 20 }),
        eventRecord('e1', { investorId: 'a', productId: 'p1', at: 15 }),
      ],
      'test',
    )
    const found = await history.accountAsOf(id('a'), asOf)
    expect(found?.profile.horizonMonths ?? null).toBe(profile)
    expect(found?.behaviour.purchased.length ?? 0).toBe(purchased)
    expect(await everyone(history, asOf)).toEqual(found === null ? [] : [found])
  })

  test('of two profiles known from the same instant the later written counts, across files and openings', async () => {
    await history.appendInvestors([investorRecord('a', 10, 1), investorRecord('a', 10, 2)], 'test')
    expect((await history.investorAsOf(id('a'), 11))?.profile.horizonMonths).toBe(2)
    await reopen()
    await history.appendInvestors([investorRecord('a', 10, 3)], 'test')
    expect((await history.investorAsOf(id('a'), 11))?.profile.horizonMonths).toBe(3)
    expect((await everyone(history, null))[0]?.profile.horizonMonths).toBe(3)
  })

  test('profiles come back whole', async () => {
    const records = [investorRecord('a', 10), bareInvestorRecord('b', 11)]
    await history.appendInvestors(records, 'test')
    expect((await everyone(history, null)).map(({ profile }) => profile)).toEqual(records.map(({ value }) => value))
  })

  test('an event id counts once, within a call and across openings', async () => {
    const [one, two, three] = ['e1', 'e2', 'e3'].map((event, n) =>
      eventRecord(event, { investorId: 'a', productId: `p${n}`, at: n }),
    ) as [EventRecord, EventRecord, EventRecord]
    expect(await history.appendEvents([one, one, two], 'test')).toEqual({ added: 2, duplicates: 1, fresh: [one, two] })
    await reopen()
    expect(await history.appendEvents([two, three, one], 'test')).toEqual({ added: 1, duplicates: 2, fresh: [three] })
    expect(await history.appendEvents([two], 'test')).toEqual({ added: 0, duplicates: 1, fresh: [] })
    expect(await history.appendEvents([], 'test')).toEqual({ added: 0, duplicates: 0, fresh: [] })
    expect((await history.counts()).events).toBe(3)
  })

  test('the same event appended many times at once is added once', async () => {
    const event = eventRecord('e1', { investorId: 'a', productId: 'p', at: 1 })
    const results = await Promise.all(Array.from({ length: 5 }, () => history.appendEvents([event], 'test')))
    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(1)
  })

  test('a batch is invisible before its commit, whole after it, and gone when aborted', async () => {
    const batch = await history.begin('import')
    await batch.investors([investorRecord('a', 10), investorRecord('b', 10)])
    await batch.events([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })])
    await batch.events([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })])
    const aborted = await history.begin('import')
    await aborted.investors([investorRecord('c', 10)])
    await aborted.abort()
    expect(await history.counts()).toEqual({ investors: 0, events: 0 })
    expect(await parquetFiles(dir)).toEqual([])
    expect(await batch.commit()).toEqual({ investors: 2, added: 1, duplicates: 1 })
    expect(await history.counts()).toEqual({ investors: 2, events: 1 })
    await expect(batch.commit()).rejects.toThrow(/begin another/)
    await expect(batch.investors([])).rejects.toThrow(/begin another/)
  })

  test('what a crash left half written is never seen, and deleted at the next write', async () => {
    await history.appendInvestors([investorRecord('a', 10)], 'test')
    const [whole = ''] = await parquetFiles(dir)
    const copy = await readFile(join(dir, whole))
    await writeFile(join(dir, 'investors-0000.parquet'), copy)
    await writeFile(join(dir, 'investors-0001.parquet.tmp'), copy.subarray(0, 100))
    await mkdir(join(dir, 'spill-999999999-00'))
    await reopen()
    expect(await everyone(history, null)).toHaveLength(1)
    await history.appendInvestors([investorRecord('b', 10)], 'test')
    expect(await parquetFiles(dir)).toHaveLength(2)
    expect(await readdir(dir)).not.toContain('spill-999999999-00')
  })

  test('a listed file that is absent, or a manifest that cannot be read, is refused at opening', async () => {
    await history.appendInvestors([investorRecord('a', 10)], 'test')
    const [file = ''] = await parquetFiles(dir)
    await rm(join(dir, file))
    await expect(openHistory(dir)).rejects.toThrow(/is listed in manifest\.json but absent/)
    await writeFile(join(dir, 'manifest.json'), '{"v":1')
    await expect(openHistory(dir)).rejects.toThrow(/manifest\.json cannot be read/)
    await writeFile(join(dir, 'manifest.json'), '{"v":1,"nextSeq":0,"files":[]}')
  })

  test('many small files become few, and say the same', async () => {
    await reopen({ mostSmallFiles: 3 })
    for (let n = 0; n < 10; n += 1) {
      await history.appendInvestors([investorRecord('a', 10, n)], 'test')
      await history.appendEvents([eventRecord(`e${n}`, { investorId: 'a', productId: `p${n}`, at: n })], 'test')
    }
    const found = await history.investorAsOf(id('a'), 11)
    expect(found?.profile.horizonMonths).toBe(9)
    expect(found?.behaviour.purchased).toHaveLength(10)
    const manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as { files: unknown[] }
    expect(manifest.files.length).toBeLessThanOrEqual(6)
  })

  test('an erased investor is in no answer and in no file; the others stay', async () => {
    await history.appendInvestors([investorRecord('gone', 10), investorRecord('stays', 10)], 'test')
    await history.appendInvestors([investorRecord('gone', 12)], 'test')
    await history.appendEvents(
      [
        eventRecord('e1', { investorId: 'gone', productId: 'p', at: 5 }),
        eventRecord('e2', { investorId: 'stays', productId: 'p', at: 5 }),
      ],
      'test',
    )
    await history.eraseInvestor(id('gone'))
    expect(await history.investorAsOf(id('gone'), 100)).toBeNull()
    expect(await history.counts()).toEqual({ investors: 1, events: 1 })
    expect((await history.investorAsOf(id('stays'), 100))?.behaviour.purchased).toHaveLength(1)
    expect(await parquetFiles(dir)).toHaveLength(2)
    for (const file of await readdir(dir)) {
      if (file.startsWith('spill-')) continue
      expect((await readFile(join(dir, file))).includes('gone')).toBe(false)
    }
  })

  test('interactions are the purchases and views known before an instant, in a fixed order', async () => {
    const of = (event: string, investorId: string, productId: string, at: number, type: 'purchase' | 'view' = 'view') =>
      eventRecord(event, { investorId, productId, at, type })
    const redemption = eventRecord('e9', { investorId: 'a', productId: 'x', at: 1, type: 'redemption' })
    await history.appendEvents([of('e4', 'b', 'q', 9), redemption, of('e1', 'b', 'p', 3, 'purchase')], 'test')
    await history.appendEvents([of('e2', 'a', 'q', 3), of('e3', 'a', 'r', 2), of('e0', 'a', 'q', 10)], 'test')
    const { investorIds, productIds, rows } = await history.interactions(10)
    expect([investorIds, productIds]).toEqual([
      ['a', 'b'],
      ['p', 'q', 'r'],
    ])
    expect([...rows.investor]).toEqual([0, 0, 1, 1])
    expect([...rows.product]).toEqual([2, 1, 0, 1])
    expect([...rows.at]).toEqual([2, 3, 3, 9])
    expect([...rows.type]).toEqual([0, 0, 1, 0])
    expect([...rows.knownAt]).toEqual([2, 3, 3, 9])
  })

  test('an interaction that was cancelled by then is apart, with when that was known; later, it is a row', async () => {
    const of = (event: string, at: number) => eventRecord(event, { investorId: 'a', productId: 'p', at })
    await history.appendEvents([of('e1', 2), of('e2', 3), cancellation('c1', 'a', 7, 'e1')], 'test')
    const [before, after] = [await history.interactions(7), await history.interactions(8)]
    expect([[...before.rows.at], before.takenBack?.size]).toEqual([[2, 3], 0])
    expect([...after.rows.at]).toEqual([3])
    const taken = { type: 'purchase', productId: 'p', occurredAt: 2, knownAt: 2, cancelledAt: 7 }
    expect([...(after.takenBack ?? [])]).toEqual([['a', [taken]]])
  })

  test('every revision of a profile known before an instant, in the order in which they became known', async () => {
    await history.appendInvestors([investorRecord('b', 5, 12), investorRecord('a', 9), investorRecord('a', 10)], 'test')
    await history.appendInvestors([investorRecord('b', 5, 24), investorRecord('b', 2)], 'test')
    const known: InvestorRecord[] = []
    for await (const batch of history.profilesKnown(10)) known.push(...batch)
    expect(known.map(({ knownAt, value }) => [value.id, knownAt, value.horizonMonths])).toEqual([
      ['a', 9, 36],
      ['b', 2, 36],
      ['b', 5, 12],
      ['b', 5, 24],
    ])
  })

  test('agrees with the plain reading of all records, for everyone, at any instant', async () => {
    const owner = fc.constantFrom('a', 'b', 'c', 'B', '10', '9')
    const anyProfiles = fc.array(fc.tuple(owner, fc.nat(9), fc.nat(99)), { maxLength: 12 })
    const anyEvents = fc.array(fc.tuple(owner, anyTrade), { maxLength: 25 })
    const anyCancellations = fc.array(fc.tuple(owner, fc.nat(31), fc.nat(24)), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(anyProfiles, anyEvents, anyCancellations, fc.nat(31), async (...drawn) => {
        const [drawnProfiles, drawnEvents, drawnCancellations, asOf] = drawn
        const profiles = drawnProfiles.map(([who, at, horizon]) => investorRecord(who, at, horizon))
        const events = [
          ...drawnEvents.map(([investorId, trade], n) => tradeRecord(`e${n}`, investorId, trade)),
          ...drawnCancellations.map(([investorId, at, n], place) => cancellation(`c${place}`, investorId, at, `e${n}`)),
        ]
        await rm(dir, { recursive: true })
        await reopen()
        await history.appendInvestors(profiles.slice(0, 5), 'test')
        await history.appendEvents(events, 'test')
        await history.appendInvestors(profiles.slice(5), 'test')
        const expected = plainAsOf(profiles, events, asOf)
        expect(await everyone(history, asOf)).toEqual(expected)
        for (const who of ['a', 'B']) {
          const one = expected.find(({ profile }) => profile.id === who) ?? null
          expect(await history.accountAsOf(id(who), asOf)).toEqual(one)
          const read = await history.investorAsOf(id(who), asOf)
          const { trades, daily: _, ...untraded } = one ?? { trades: null, daily: null }
          expect(read).toEqual(trades === null ? null : untraded)
        }
      }),
      { numRuns: 20 },
    )
  })
})

const plainAsOf = (profiles: InvestorRecord[], events: EventRecord[], asOf: number): InvestorAccount[] => {
  const newest = new Map<InvestorId, InvestorRecord>()
  for (const record of profiles.filter(({ knownAt }) => knownAt < asOf)) {
    const before = newest.get(record.value.id)
    if (before === undefined || record.knownAt >= before.knownAt) newest.set(record.value.id, record)
  }
  const told = events.filter(({ knownAt }) => knownAt < asOf).map(({ value }) => value)
  const isTakenBack = (event: Event): boolean =>
    told.some(
      (one) => one.type === 'cancellation' && one.cancels === event.eventId && one.investorId === event.investorId,
    )
  const known = told.filter((event) => !isTakenBack(event))
  return [...newest.values()]
    .sort((a, b) => (a.value.id < b.value.id ? -1 : 1))
    .map(({ value, knownAt }) => ({
      profile: value,
      knownAt,
      behaviour: foldEvents(known.filter(({ investorId }) => investorId === value.id)),
      trades: foldTrades(known.filter(({ investorId }) => investorId === value.id)),
      daily: foldDaily(known.filter(({ investorId }) => investorId === value.id)),
    }))
}
