import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { openRedis, type Redis } from '../storage/redis.js'
import { openRedisStreams, type RedisStreams, type StateKeys } from '../storage/redisStreams.js'
import { bareInvestorRecord, eventRecord } from '../tests/sampleRecords.js'
import { anyTrade, tradeRecord } from '../tests/randomTrades.js'
import { hasRedisServer, startRedis, startRedisCluster } from '../tests/redisServers.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { decodeState, encodeState } from '../features/store/codec.js'
import { memoryStore } from '../features/store/memory.js'
import { type InvestorStore } from '../features/store/port.js'
import { redisStore } from '../features/store/redis.js'
import { emptyState, eventChanges } from '../features/store/state.js'
import { type EventStream, type Fold, type NumberedEvent, openEventStream } from '../features/stream/redisStream.js'

const installed = hasRedisServer('features/stream: Redis Streams')
const started = installed ? { one: await startRedis(), cluster: await startRedisCluster(3) } : null
afterAll(async () => {
  await started?.one.stop()
  await started?.cluster.stop()
})
const servers: [string, string][] =
  started === null
    ? []
    : [
        ['one server', started.one.url],
        ['a cluster', started.cluster.url],
      ]

const id = (text: string): InvestorId => text as InvestorId
const people = ['a', 'b', 'c', 'd']
const fold: Fold = (state, whose, events) => {
  const change = eventChanges(events).get(whose)
  const before = state === null ? emptyState : decodeState(state, whose)
  return encodeState(change === undefined ? before : change(before))
}

const suite = servers.length === 0 ? describe.skip : describe

suite.each(servers)('events through the streams of %s', (_, url) => {
  let raw: RedisStreams
  let redis: Redis
  let prefix: string
  let store: InvestorStore
  const opened: EventStream[] = []
  const open = async (folding: Fold = fold): Promise<EventStream> => {
    const stateKey = (whose: InvestorId): string => `${prefix}{${whose}}:investor`
    const stream = await openEventStream({ url, prefix, stateKey, fold: folding, shards: 3 })
    opened.push(stream)
    return stream
  }
  const keysOf = (whose: string): StateKeys => ({
    key: `${prefix}{${whose}}:investor`,
    appliedKey: `${prefix}{${whose}}:applied`,
    floorKey: `${prefix}{${whose}}:floor`,
  })
  const begin = async (): Promise<void> => {
    prefix = `aptus-test-${randomBytes(6).toString('hex')}:`
    store = await redisStore(url, { prefix })
    await store.putProfiles(people.map((each) => bareInvestorRecord(each, 1)))
  }
  const end = async (): Promise<void> => {
    for (const whose of people) await store.delete(id(whose))
    for (const stream of opened.splice(0)) await stream.close()
    for (const shard of [0, 1, 2])
      for (const key of [`${prefix}events:{${shard}}`, `${prefix}events:{${shard}}:producers`]) await redis.remove(key)
    for (const whose of people) for (const key of Object.values(keysOf(whose))) await redis.remove(key)
    await store.close()
  }
  beforeAll(async () => {
    raw = await openRedisStreams(url)
    redis = await openRedis(url)
  })
  beforeEach(begin)
  afterEach(end)
  afterAll(async () => {
    await raw.close()
    await redis.close()
  })

  const numbered = (count: number, from = 0): readonly NumberedEvent[] =>
    Array.from({ length: count }, (_, n) => ({
      sequence: from + n,
      record: eventRecord(`e${from + n}`, { investorId: people[n % 4] ?? 'a', productId: `p${n % 3}`, at: 5 + n }),
    }))
  const isOf = ({ value }: EventRecord, whose: string): boolean => value.investorId === whose
  const countsIn = async (): Promise<readonly (number | undefined)[]> => {
    const accounts = await Promise.all(people.map((each) => store.account(id(each))))
    return accounts.map((account) => account?.behaviour.purchased.reduce((sum, { count }) => sum + count, 0))
  }
  const until = async (done: () => Promise<number>): Promise<void> => {
    while ((await done()) > 0);
  }

  test('what is published again is not added again, in whichever portions; another server’s numbers are its own', async () => {
    const stream = await open()
    await stream.publish('one', numbered(20))
    await stream.publish('one', numbered(20).slice(5))
    await stream.publish('one', numbered(30))
    await stream.publish('two', numbered(4, 0))
    expect(await stream.work('w')).toBe(34)
    expect(await stream.work('w')).toBe(0)
    expect(await countsIn()).toEqual([9, 9, 8, 8])
  })

  test('a worker that dies after some of its folds: another takes over, and none is folded twice', async () => {
    const [stream, survivor] = [await open(), await open()]
    let folds = 0
    const dying = await open((state, whose, events) => {
      folds += 1
      if (folds > 2) throw new Error('killed here')
      return fold(state, whose, events)
    })
    await stream.publish('one', numbered(40))
    await expect(dying.work('dead')).rejects.toThrow('killed here')
    await until(() => survivor.work('alive'))
    const before = await countsIn()
    expect(before.some((count) => count !== 10)).toBe(true)
    expect(await survivor.takeOver('alive', 60_000)).toBe(0)
    await until(() => survivor.takeOver('alive', 0))
    expect(await countsIn()).toEqual([10, 10, 10, 10])
  })

  test('a worker that died after its folds, before it said so, costs nothing', async () => {
    const [stream, survivor] = [await open(), await open()]
    await stream.publish('one', numbered(8))
    for (const shard of [0, 1, 2]) {
      const name = `${prefix}events:{${shard}}`
      await raw.join(name, 'fold')
      for (const entry of await raw.take(name, 'fold', 'dead', 100)) {
        const keys = keysOf(entry.key)
        const was = await raw.look(keys, [entry.id])
        const next = fold(was.value, id(entry.key), [JSON.parse(entry.value) as EventRecord])
        expect(await raw.apply(keys, { was, next }, [entry.id], '0-1')).toBe(true)
        expect(await raw.apply(keys, { was: { ...was, value: next }, next }, [entry.id], '0-1')).toBe(false)
      }
    }
    expect(await countsIn()).toEqual([2, 2, 2, 2])
    await until(() => survivor.takeOver('alive', 0))
    expect(await countsIn()).toEqual([2, 2, 2, 2])
  })

  test('only what every worker is done with is trimmed', async () => {
    const stream = await open()
    await stream.publish('one', numbered(12))
    expect(await stream.trim()).toBe(0)
    const dead = await raw.take(`${prefix}events:{0}`, 'fold', 'dead', 1)
    await stream.work('w')
    const held = dead.length > 0
    const trimmed = await stream.trim()
    expect(trimmed).toBeLessThanOrEqual(held ? 11 : 12)
    await stream.takeOver('w', 0)
    expect(trimmed + (await stream.trim())).toBe(12)
    expect(await countsIn()).toEqual([3, 3, 3, 3])
  })

  test('a state that was replaced holds what was published before, in hand or not, and takes on what comes after', async () => {
    const stream = await open()
    const [earlier, later] = [numbered(8), numbered(8, 8)]
    await stream.publish('one', earlier)
    const names = [0, 1, 2].map((shard) => `${prefix}events:{${shard}}`)
    for (const name of names) await raw.join(name, 'fold')
    await Promise.all(names.map((name) => raw.take(name, 'fold', 'dead', 3)))
    const [looked, ofA] = [await raw.look(keysOf('a'), ['0-1']), earlier.filter(({ record }) => isOf(record, 'a'))]
    const state = fold(looked.value, id('a'), [...ofA.map(({ record }) => record), ...ofA.map(({ record }) => record)])
    await stream.replace(new Map([[id('a'), state]]))
    expect(await raw.apply(keysOf('a'), { was: looked, next: state }, ['0-1'], '0-1')).toBe(false)
    await stream.publish('one', later)
    await until(() => stream.work('w'))
    await until(() => stream.takeOver('w', 0))
    expect(await countsIn()).toEqual([6, 4, 4, 4])
  })

  test('who is forgotten is in no entry; the others’ stay', async () => {
    const stream = await open()
    await stream.publish('one', numbered(40))
    await stream.forget(id('b'))
    await until(() => stream.work('w'))
    expect(await countsIn()).toEqual([10, undefined, 10, 10])
  })

  test('the store is the fold, whatever is published twice, whoever dies and takes over, in whichever order', async () => {
    const event = fc.record({ who: fc.constantFrom(...people), trade: anyTrade, producer: fc.constantFrom('x', 'y') })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 40 }),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 8 }),
        async (drawn, cuts, deadAfter) => {
          await end()
          await begin()
          const records = drawn.map(({ who, trade, producer }, sequence) => ({
            producer,
            sequence,
            record: tradeRecord(`t${sequence}`, who, trade),
          }))
          let folds = 0
          const dying = await open((state, whose, events) => {
            folds += 1
            if (folds === deadAfter) throw new Error('killed here')
            return fold(state, whose, events)
          })
          const [first, second] = [await open(), await open()]
          const publishing = ['y', 'x'].map(async (producer) => {
            const own = records.filter((each) => each.producer === producer)
            let done = 0
            for (const cut of cuts) {
              await first.publish(producer, own.slice(Math.max(0, done - 3), cut))
              done = Math.max(done, cut)
            }
            await second.publish(producer, own.slice(Math.max(0, done - 5)))
          })
          const working = [
            (async () => {
              for (let rounds = 0; rounds < 3; rounds += 1) await dying.work('dead')
            })().catch((error: Error) => expect(error.message).toBe('killed here')),
            first.work('one'),
            second.work('two'),
          ]
          await Promise.all([...publishing, ...working])
          await until(async () => (await Promise.all([first.work('one'), second.work('two')])).reduce((a, b) => a + b))
          await until(async () =>
            (await Promise.all([first.takeOver('one', 0), second.takeOver('two', 0)])).reduce((a, b) => a + b),
          )
          const plain = memoryStore()
          await plain.putProfiles(people.map((each) => bareInvestorRecord(each, 1)))
          await plain.addEvents(records.map(({ record }) => record))
          for (const whose of people) expect(await store.account(id(whose))).toEqual(await plain.account(id(whose)))
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)
})
