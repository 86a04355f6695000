import { storedFeatures } from '../definitions/catalogue.js'
import { noBehaviour } from '../schema/behaviour.js'
import { noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorAccount } from '../schema/records.js'
import { redisStore } from './redis.js'
import { hasRedisServer, type RedisServer, startRedis, startRedisCluster, until } from '../../tests/redisServers.js'
import { eventRecord, investorRecord } from '../../tests/sampleRecords.js'

const id = (text: string): InvestorId => text as InvestorId
const suite = hasRedisServer('features/store/redis') ? describe : describe.skip

suite('a store in redis that forgets', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  test('whoever was not written for the term is gone, and a change does not bring back a part of him', async () => {
    const store = await redisStore(server.url, { prefix: 'forgets:', ttlMs: 400 })
    const account = (name: string): InvestorAccount => ({
      profile: investorRecord(name, 10).value,
      knownAt: 10,
      behaviour: noBehaviour,
      trades: noTrades,
      daily: noDaily,
    })
    expect(store.forgets).toBe(true)
    await store.putProfiles([investorRecord('b', 10)], 5)
    expect(await store.get(id('b'))).toBeNull()
    await store.putAccounts([account('a')])
    expect(await store.account(id('a'))).toEqual(account('a'))
    await store.addEvents([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })])
    expect((await store.get(id('a')))?.behaviour.purchased).toHaveLength(1)
    await until(async () => (await store.get(id('a'))) === null, 'the end of his term')
    await store.addEvents([eventRecord('e2', { investorId: 'a', productId: 'p', at: 6 })])
    await store.putProfiles([investorRecord('a', 20)])
    expect(await store.account(id('a'))).toBeNull()
    expect(await store.takenIn()).toBe(5)
    await store.close()
  })

  test('a write begins the term anew', async () => {
    const store = await redisStore(server.url, { prefix: 'forgets:', ttlMs: 1_500 })
    const profile = investorRecord('c', 10).value
    await store.putAccounts([{ profile, knownAt: 10, behaviour: noBehaviour, trades: noTrades, daily: noDaily }])
    const ttl = (): number => Number(server.ask('pttl', 'forgets:{c}:investor'))
    await until(() => ttl() < 1_200, 'some of the term')
    await store.putProfiles([investorRecord('c', 20)])
    expect(ttl()).toBeGreaterThan(1_200)
    await store.close()
  })
})

suite('vectors in redis', () => {
  test('who keeps none reads what another keeps, and a write of his drops the vector', async () => {
    const server = await startRedis()
    const options = { prefix: 'vectors:' }
    const [keeps, other] = [
      await redisStore(server.url, { ...options, vectors: true }),
      await redisStore(server.url, options),
    ]
    const stamp = { day: 1, digest: new Uint8Array(8), width: storedFeatures.length }
    await keeps.putProfiles([investorRecord('a', 1)])
    const account = await other.account(id('a'))
    expect(await other.materialise([id('a')], stamp, () => new Float32Array(stamp.width))).toBe(0)
    expect(await keeps.materialise([id('a')], stamp, () => new Float32Array(stamp.width))).toBe(1)
    expect([await other.account(id('a')), await other.vector(id('a'), stamp)]).toEqual([account, null])
    expect(await keeps.vector(id('a'), stamp)).toHaveLength(stamp.width)
    await other.putProfiles([investorRecord('a', 2)])
    expect(await keeps.vector(id('a'), stamp)).toBeNull()
    expect((await keeps.get(id('a')))?.knownAt).toBe(2)
    await keeps.close()
    await other.close()
    await server.stop()
  })
})

suite.each<[string, () => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>]>([
  ['server', () => startRedis()],
  ['cluster', () => startRedisCluster(3)],
])('stores with a cache over one redis %s', (_, start) => {
  test('one sees at its next read what it wrote itself, and soon what another did', async () => {
    const place = await start()
    const options = { prefix: 'cached:', cache: { entries: 100, maxAgeMs: 3_600_000 } }
    const [one, other] = [await redisStore(place.url, options), await redisStore(place.url, options)]
    await one.putProfiles([investorRecord('a', 1)])
    const knownAt = async (): Promise<number | undefined> => (await other.get(id('a')))?.knownAt
    expect(await knownAt()).toBe(1)
    await one.putProfiles([investorRecord('a', 2)])
    expect((await one.get(id('a')))?.knownAt).toBe(2)
    await until(async () => (await knownAt()) === 2, 'the word of the other')
    await one.delete(id('a'))
    await until(async () => (await knownAt()) === undefined, 'the word of the erasure')
    await one.close()
    await other.close()
    await place.stop()
  })
})
