import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { openHistory } from '../features/history/history.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { type InvestorStore } from '../features/store/port.js'
import { redisStateKey, redisStore } from '../features/store/redis.js'
import { type EventStream, openEventStream } from '../features/stream/redisStream.js'
import { accountFrom } from '../tests/randomAccounts.js'
import { anyTrade, tradeRecord } from '../tests/randomTrades.js'
import { hasRedisServer, type RedisServer, startRedis } from '../tests/redisServers.js'
import { counted } from '../tests/full.js'
import { cancellation, eventRecord, investorRecord } from '../tests/sampleRecords.js'
import { type Investors, openInvestors } from './investors.js'
import { endOfTime, refill } from './storeFollower.js'
import { foldInStore, openStoreEvents, streamedStore } from './streamedStore.js'
import { runWorker } from './streamWorker.js'

const id = (text: string): InvestorId => text as InvestorId
const suite = hasRedisServer('serving/streamedStore') ? describe : describe.skip

suite('events that workers fold', () => {
  let [dir, history, server]: [string, History, RedisServer] = ['', null as never, null as never]
  let [store, investors]: [InvestorStore, Investors] = [null as never, null as never]
  let workers: EventStream[]
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-streamed-'))
    history = await openHistory(dir)
    server = await startRedis()
    store = streamedStore(await redisStore(server.url, { streamed: true }), await openStoreEvents(server.url, 1_000))
    await refill(history, store)
    investors = openInvestors(history, store)
    workers = await Promise.all([openStoreEvents(server.url), openStoreEvents(server.url)])
  })
  afterAll(async () => {
    for (const worker of workers) await worker.close()
    await store.close()
    await history.close()
    await server.stop()
    await rm(dir, { recursive: true })
  })

  /** Whoever is left folds all, and takes over what the dead had in hand. */
  const drained = async (): Promise<void> => {
    const options = { takeOverMs: 0, drain: true, stopped: () => false, troubled: () => undefined }
    for (const [n, worker] of workers.entries()) await runWorker(worker, { ...options, name: `w${n}` })
  }
  /** A worker that is killed in the middle of a round, between its folds or before what it folded is acknowledged. */
  const killed = async (afterFolds: number): Promise<void> => {
    let folds = 0
    const dying = await openEventStream({
      url: server.url,
      stateKey: redisStateKey(),
      fold: (...given) => {
        folds += 1
        if (folds > afterFolds) throw new Error('killed here')
        return foldInStore(...given)
      },
    })
    await dying.work('dead').catch((error: Error) => expect(error.message).toBe('killed here'))
    await dying.close()
  }

  test('streamed is batch: in any order, twice, late and taken back, with workers that are killed', async () => {
    const anyTold = fc.array(fc.tuple(anyTrade, fc.integer({ min: 1, max: 3 }), fc.nat()), {
      minLength: 1,
      maxLength: 25,
    })
    const anyCancelled = fc.array(fc.tuple(fc.nat(30), fc.nat()), { maxLength: 4 })
    const anyWork = fc.array(fc.constantFrom('work', 'killed', 'read', 'nothing'), { minLength: 1, maxLength: 5 })
    let run = 0
    await fc.assert(
      fc.asyncProperty(anyTold, anyCancelled, anyWork, fc.nat(2), async (told, cancelled, work, folds) => {
        const whose = [`s${(run += 1)}`, `t${run}`]
        const of = (n: number): string => whose[n % 2] ?? ''
        const events = told.map(([trade], n) => tradeRecord(`${run}-${n}`, of(n), trade))
        const again = told.flatMap(([, times, key], n) =>
          Array.from({ length: times }, (_, time) => ({
            record: events[n] as EventRecord,
            key: (key * (time + 7)) % 9_973,
          })),
        )
        const takenBack = cancelled.map(([n, key], place) => ({
          record: cancellation(`${run}-c${place}`, of(n), 40, `${run}-${n}`),
          key: key % 9_973,
        }))
        const arriving = [...again, ...takenBack].sort((a, b) => a.key - b.key).map(({ record }) => record)
        for (const who of whose) await investors.put(investorRecord(who, 1))
        for (const [part, does] of work.entries()) {
          const told = investors.addEvents(arriving.filter((_, n) => n % work.length === part))
          const worked = does === 'work' ? workers[part % 2]?.work(`w${part % 2}`) : null
          await Promise.all([told, worked, does === 'killed' ? killed(folds) : null])
          if (does === 'read') await investors.get(id(of(part)))
        }
        await drained()
        const gone = new Set(cancelled.map(([n]) => `${run}-${n}`))
        for (const who of whose) {
          const own = events.map(({ value }) => value).filter(({ investorId }) => investorId === who)
          const counting = own.filter(({ eventId }) => !gone.has(eventId))
          const account = await store.account(id(who))
          expect(account).toEqual(accountFrom(investorRecord(who, 1), counting))
          expect(account).toEqual(await history.accountAsOf(id(who), endOfTime))
        }
      }),
      { numRuns: counted(80) },
    )
  }, 180_000)

  test('nobody comes back who was erased while his events were under way', async () => {
    await investors.put(investorRecord('gone', 1))
    await investors.addEvents([eventRecord('gone-1', { investorId: 'gone', productId: 'p', at: 5 })])
    await killed(0)
    await investors.addEvents([eventRecord('gone-2', { investorId: 'gone', productId: 'p', at: 6 })])
    expect(await investors.erase(id('gone'))).toBe(true)
    await drained()
    expect(server.ask('exists', redisStateKey()(id('gone'))).trim()).toBe('0')
    expect(server.ask('keys', '*gone*').trim()).toBe('aptus:{gone}:floor')
  })

  test('who is filled again while nothing is under way has no floor', async () => {
    await drained()
    await refill(history, store)
    expect(server.ask('keys', '*:floor').trim()).toBe('aptus:{gone}:floor')
  })

  test('a store that workers fill has not taken in what the server folds itself, nor the other way round', async () => {
    await store.noteTakenIn(7)
    const direct = await redisStore(server.url)
    expect([await store.takenIn(), await direct.takenIn()]).toEqual([7, null])
    await direct.close()
  })
})
