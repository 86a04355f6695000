import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { openHistory } from '../features/history/history.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { StoreUnreachable } from '../features/store/port.js'
import { memoryStore } from '../features/store/memory.js'
import { accountFrom } from '../tests/randomAccounts.js'
import { failingStore } from '../tests/failingStore.js'
import { anyTrade, tradeRecord } from '../tests/randomTrades.js'
import { cancellation, investorRecord } from '../tests/sampleRecords.js'
import { openInvestors } from './investors.js'
import { endOfTime } from './storeFollower.js'

const id = (text: string): InvestorId => text as InvestorId
const names = ['a', 'b', 'c', 'd']
const servers = 2

let [dir, history]: [string, History] = ['', null as unknown as History]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-investors-'))
  history = await openHistory(dir)
})
afterEach(async () => {
  await history.close()
  await rm(dir, { recursive: true })
})

const refusal = (error: unknown): 'refused' => {
  if (error instanceof StoreUnreachable) return 'refused'
  throw error
}
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('put' as const), who: fc.constantFrom(...names) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('events' as const),
      events: fc.array(fc.tuple(fc.constantFrom(...names), anyTrade), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('read' as const), who: fc.constantFrom(...names) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('stop' as const, 'mute' as const, 'wake' as const),
      server: fc.nat(servers - 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('failover' as const),
      server: fc.nat(servers - 1),
      lost: fc.oneof({ weight: 4, arbitrary: fc.nat(6) }, { weight: 1, arbitrary: fc.constant(10_000) }),
    }),
  },
)

test('whatever servers do and lose: a read is what the history holds, or refused; at last it is there, once', async () => {
  let [run, refused, read] = [0, 0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
      run += 1
      const cluster = failingStore(servers)
      await cluster.store.noteTakenIn(await history.sequence())
      const investors = openInvestors(history, cluster.store)
      const nameOf = (who: string): string => `r${run}-${who}`
      for (const who of names) await investors.put(investorRecord(nameOf(who), 1))
      let count = 0
      for (const step of steps) {
        count += 1
        if (step.does === 'put') await investors.put(investorRecord(nameOf(step.who), 1 + count, count)).catch(refusal)
        else if (step.does === 'events')
          await investors
            .addEvents(step.events.map(([who, trade], n) => tradeRecord(`${run}-${count}-${n}`, nameOf(who), trade)))
            .catch(refusal)
        else if (step.does === 'read') {
          const found = await investors.account(id(nameOf(step.who))).catch(refusal)
          if (found === 'refused') refused += 1
          else {
            read += 1
            expect(found).toEqual(await history.accountAsOf(id(nameOf(step.who)), endOfTime))
          }
        } else if (step.does === 'failover') await cluster.failover(step.server, step.lost)
        else cluster[step.does](step.server)
      }
      for (let n = 0; n < servers; n += 1) cluster.wake(n)
      for (const who of names) {
        let found = await investors.account(id(nameOf(who))).catch(refusal)
        for (let turn = 0; found === 'refused' && turn < 200; turn += 1) {
          await wait(5)
          found = await investors.account(id(nameOf(who))).catch(refusal)
        }
        expect(found).toEqual(await history.accountAsOf(id(nameOf(who)), endOfTime))
      }
    }),
    { numRuns: 25 },
  )
  expect(Math.min(refused, read)).toBeGreaterThan(5)
})

test('one server away: the others are read, and what was put there is taken in by the store once it is back', async () => {
  const cluster = failingStore(servers)
  await cluster.store.noteTakenIn(await history.sequence())
  const investors = openInvestors(history, cluster.store)
  const [here, there] = [id('b'), id('a')]
  await investors.put(investorRecord(here, 1))
  await investors.put(investorRecord(there, 1))
  cluster.stop(1)
  await investors.put(investorRecord(there, 2, 7))
  await investors.put(investorRecord(here, 2, 8))
  expect((await investors.get(here))?.profile.horizonMonths).toBe(8)
  await expect(investors.get(there)).rejects.toBeInstanceOf(StoreUnreachable)
  expect(await cluster.store.takenIn(cluster.store.tenureOf(here) ?? '')).toBeLessThan(await history.sequence())
  cluster.wake(1)
  expect((await investors.get(there))?.profile.horizonMonths).toBe(7)
  expect(await cluster.store.takenIn()).toBe(await history.sequence())
})

test('a server that comes back empty is filled again; until then he is refused, not unknown', async () => {
  const cluster = failingStore(servers)
  await history.appendInvestors([investorRecord('a', 1)], 'import')
  await cluster.store.putProfiles([investorRecord('a', 1)], await history.sequence())
  const investors = openInvestors(history, cluster.store)
  expect((await investors.get(id('a')))?.knownAt).toBe(1)
  await cluster.failover(1, 10_000)
  await expect(investors.get(id('a'))).rejects.toThrow('is being filled again')
  await expect(investors.put(investorRecord('b', 1))).rejects.toThrow('is being filled again')
  let found = await investors.get(id('a')).catch(refusal)
  for (let turn = 0; found === 'refused' && turn < 200; turn += 1) {
    await wait(5)
    found = await investors.get(id('a')).catch(refusal)
  }
  expect(found).toMatchObject({ knownAt: 1 })
  await investors.put(investorRecord('b', 1))
})

test('streamed is batch: in any order, twice, late and taken back, the store is the fold of what counts', async () => {
  const anyTold = fc.array(fc.tuple(anyTrade, fc.integer({ min: 1, max: 3 }), fc.nat()), {
    minLength: 1,
    maxLength: 25,
  })
  const anyCancelled = fc.array(fc.tuple(fc.nat(30), fc.nat()), { maxLength: 4 })
  let run = 0
  await fc.assert(
    fc.asyncProperty(anyTold, anyCancelled, fc.integer({ min: 1, max: 6 }), async (told, cancelled, parts) => {
      const who = `s${(run += 1)}`
      const events = told.map(([trade], n) => tradeRecord(`${who}-${n}`, who, trade))
      const again = told.flatMap(([, times, key], n) =>
        Array.from({ length: times }, (_, time) => ({
          record: events[n] as EventRecord,
          key: (key * (time + 7)) % 9_973,
        })),
      )
      const takenBack = cancelled.map(([n, key], place) => ({
        record: cancellation(`${who}-c${place}`, who, 40, `${who}-${n}`),
        key: key % 9_973,
      }))
      const arriving = [...again, ...takenBack].sort((a, b) => a.key - b.key).map(({ record }) => record)
      const store = memoryStore()
      const investors = openInvestors(history, store)
      await investors.put(investorRecord(who, 1))
      for (let part = 0; part < parts; part += 1)
        await investors.addEvents(arriving.filter((_, n) => n % parts === part))
      const gone = new Set(cancelled.map(([n]) => `${who}-${n}`))
      const counting = events.map(({ value }) => value).filter(({ eventId }) => !gone.has(eventId))
      const account = await store.account(id(who))
      expect(account).toEqual(accountFrom(investorRecord(who, 1), counting))
      expect(account).toEqual(await history.accountAsOf(id(who), endOfTime))
    }),
    { numRuns: 30 },
  )
})

test('an erasure that a server acknowledged and lost is done again', async () => {
  const cluster = failingStore(servers)
  await cluster.store.noteTakenIn(await history.sequence())
  const investors = openInvestors(history, cluster.store)
  await investors.put(investorRecord('a', 1))
  expect(await investors.erase(id('a'))).toBe(true)
  await cluster.failover(1, 1)
  expect(await cluster.store.get(id('a'))).not.toBeNull()
  expect(await investors.get(id('a'))).toBeNull()
  expect(await cluster.store.get(id('a'))).toBeNull()
})
