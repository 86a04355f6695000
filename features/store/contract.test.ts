import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { foldEvents } from '../definitions/behaviour.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades, holdingsOf } from '../definitions/holdings.js'
import { noBehaviour } from '../schema/behaviour.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorAccount } from '../schema/records.js'
import { lmdbStore } from './lmdb.js'
import { memoryStore } from './memory.js'
import { type InvestorStore } from './port.js'
import { redisStore } from './redis.js'
import { hasRedisServer, startRedis, startRedisCluster } from '../../tests/redisServers.js'
import { bareInvestorRecord, eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { anyTrade, tradeRecord } from '../../tests/randomTrades.js'

/** An adapter under test: `open` again finds what was written before, but for the one in memory. */
type Adapter = { readonly open: () => Promise<InvestorStore>; readonly destroy: () => Promise<void>; durable: boolean }

const onDisk = async (): Promise<Adapter> => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-store-'))
  return { durable: true, open: () => lmdbStore(dir), destroy: () => rm(dir, { recursive: true }) }
}

const onRedis =
  (url: string, vectors = false) =>
  (): Promise<Adapter> => {
    const prefix = `aptus-test-${randomBytes(6).toString('hex')}:`
    const open = (): Promise<InvestorStore> => redisStore(url, { prefix, vectors })
    const destroy = async (): Promise<void> => {
      const store = await open()
      for (const id of await store.ids(10_000)) await store.delete(id)
      await store.close()
    }
    return Promise.resolve({ durable: true, open, destroy })
  }

const inMemory = (): Promise<Adapter> =>
  Promise.resolve({ durable: false, open: () => Promise.resolve(memoryStore()), destroy: () => Promise.resolve() })

const id = (text: string): InvestorId => text as InvestorId
const adapters: [string, () => Promise<Adapter>][] = [
  ['memory', inMemory],
  ['lmdb', onDisk],
]

const installed = hasRedisServer('features/store: redis and redis cluster')
const started = installed ? { one: await startRedis(), cluster: await startRedisCluster(3) } : null
afterAll(async () => {
  await started?.one.stop()
  await started?.cluster.stop()
})
const given = {
  one: process.env['APTUS_TEST_REDIS_URL'] ?? started?.one.url,
  cluster: process.env['APTUS_TEST_REDIS_CLUSTER'] ?? started?.cluster.url,
}
if (given.one !== undefined) adapters.push(['redis', onRedis(given.one)])
if (given.cluster !== undefined) adapters.push(['redis cluster, with vectors', onRedis(given.cluster, true)])

describe.each(adapters)('the online store in %s', (_, make) => {
  let adapter: Adapter
  let store: InvestorStore
  beforeEach(async () => {
    adapter = await make()
    store = await adapter.open()
  })
  afterEach(async () => {
    await store.close()
    await adapter.destroy()
  })

  test('an investor it does not know is null', async () => {
    expect(await store.get(id('nobody'))).toBeNull()
  })

  test('gives many in the order asked for, the unknown as null', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `m${n}`)
    await store.putProfiles(names.map((name, n) => investorRecord(name, 10, n)))
    const asked = ['m7', 'nobody', ...names.toReversed(), 'm7'].map(id)
    expect(await store.getMany(asked)).toEqual(await Promise.all(asked.map(store.get)))
    expect((await store.getMany(asked)).map((found) => found?.profile.horizonMonths ?? null).slice(0, 3)).toEqual([
      7,
      null,
      29,
    ])
    expect(await store.getMany([])).toEqual([])
  })

  test('gives back a profile as it was put, every field', async () => {
    const [full, bare] = [investorRecord('a', 10), bareInvestorRecord('b', 11)]
    await store.putProfiles([full, bare])
    expect(await store.get(id('a'))).toEqual({ profile: full.value, knownAt: 10, behaviour: noBehaviour })
    expect(await store.get(id('b'))).toEqual({ profile: bare.value, knownAt: 11, behaviour: noBehaviour })
  })

  test('keeps the newest profile, whatever the order; of two as new the later put', async () => {
    await store.putProfiles([investorRecord('a', 20, 2), investorRecord('a', 10, 1)])
    await store.putProfiles([investorRecord('a', 15, 3)])
    expect((await store.get(id('a')))?.profile.horizonMonths).toBe(2)
    await store.putProfiles([investorRecord('a', 20, 4)])
    expect((await store.get(id('a')))?.profile.horizonMonths).toBe(4)
  })

  test('keeps events that come ahead of the profile', async () => {
    const event = eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })
    await store.addEvents([event])
    expect(await store.get(id('a'))).toBeNull()
    expect(await store.ids(10)).toEqual([])
    await store.putProfiles([investorRecord('a', 10)])
    const found = await store.account(id('a'))
    expect(found?.behaviour).toEqual(foldEvents([event.value]))
    expect(found?.trades).toEqual(foldTrades([event.value]))
  })

  test('a newer profile leaves the behaviour, new events leave the profile', async () => {
    await store.putProfiles([investorRecord('a', 10, 1)])
    await store.addEvents([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })])
    await store.putProfiles([investorRecord('a', 20, 2)])
    await store.addEvents([eventRecord('e2', { investorId: 'a', productId: 'p', at: 7, type: 'view' })])
    const found = await store.get(id('a'))
    expect(found?.profile.horizonMonths).toBe(2)
    expect(found?.behaviour).toEqual({
      purchased: [{ productId: 'p', count: 1, lastAt: 5 }],
      viewed: [{ productId: 'p', count: 1, lastAt: 7 }],
    })
  })

  test('loses no event where many are added at once', async () => {
    await store.putProfiles([investorRecord('a', 10)])
    const events = Array.from({ length: 20 }, (_, n) =>
      eventRecord(`e${n}`, { investorId: 'a', productId: `p${n % 3}`, at: n }),
    )
    await Promise.all(events.map((event) => store.addEvents([event])))
    expect((await store.get(id('a')))?.behaviour).toEqual(foldEvents(events.map(({ value }) => value)))
  })

  test('accounts replace what was there, and events go on from them', async () => {
    const event = eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })
    await store.putProfiles([investorRecord('a', 30, 1)])
    await store.addEvents([event, event])
    const account: InvestorAccount = {
      profile: investorRecord('a', 20, 2).value,
      knownAt: 20,
      behaviour: foldEvents([event.value]),
      trades: foldTrades([event.value]),
      daily: foldDaily([event.value]),
    }
    const others = Array.from({ length: 1_200 }, (_, n) => ({
      ...account,
      profile: investorRecord(`z${n}`, 20).value,
    }))
    await store.putAccounts([account, ...others.slice(0, 600)])
    expect(await store.account(id('a'))).toEqual(account)
    await store.addEvents([event])
    const found = await store.account(id('a'))
    expect(found?.behaviour.purchased[0]?.count).toBe(2)
    expect(holdingsOf(found?.trades ?? noTrades).positions[0]?.lots).toHaveLength(2)
    expect(await store.account(id('z599'))).toEqual(others[599])
  })

  test('forgets the deleted, and tells whether there was anything to forget', async () => {
    await store.putProfiles([investorRecord('a', 10), investorRecord('b', 10)])
    expect([await store.delete(id('a')), await store.delete(id('a'))]).toEqual([true, false])
    expect(await store.get(id('a'))).toBeNull()
    expect(await store.ids(10)).toEqual(['b'])
  })

  test('lists ids by code unit, up to the limit', async () => {
    const names = ['b', 'a-1', 'B', '10', '9', 'a', 'a.1', '_', 'a:1', 'a1']
    await store.putProfiles(names.map((name) => investorRecord(name, 10)))
    expect(await store.ids(100)).toEqual([...names].sort())
    expect(await store.ids(3)).toEqual([...names].sort().slice(0, 3))
    expect(await store.ids(0)).toEqual([])
    const sorted = [...names].sort()
    expect(await store.ids(3, sorted[2])).toEqual(sorted.slice(3, 6))
    expect(await store.ids(100, 'a.')).toEqual(sorted.filter((name) => name > 'a.'))
    expect(await store.ids(100, sorted.at(-1))).toEqual([])
  })

  test('what it has taken in of the history is noted with profiles or events, or alone, and is no investor', async () => {
    expect(await store.takenIn()).toBeNull()
    await store.putProfiles([investorRecord('a', 10)], 7)
    expect(await store.takenIn()).toBe(7)
    await store.putProfiles([investorRecord('b', 10)])
    await store.noteTakenIn(9)
    expect(await store.takenIn()).toBe(9)
    await store.addEvents([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })], 11)
    expect(await store.takenIn()).toBe(11)
    for (const tenure of store.tenures()) expect(await store.takenIn(tenure)).toBe(11)
    const [first, ...others] = store.tenures()
    if (first !== undefined) {
      await store.noteTakenIn(12, first)
      expect(await store.takenIn(first)).toBe(12)
      expect(await store.takenIn()).toBe(others.length === 0 ? 12 : 11)
      await expect(store.noteTakenIn(13, `${first}0`)).rejects.toMatchObject({ code: 'store-unreachable' })
      for (const name of ['a', 'b', 'nobody']) expect(store.tenures()).toContain(store.tenureOf(id(name)))
    }
    expect(await store.ids(10)).toEqual(['a', 'b'])
  })

  test('a vector stands for its stamp until something is written of him; a server keeps none, but where told to', async () => {
    const stamp = { day: 20_000, digest: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), width: storedFeatures.length }
    const vectorOf = (account: InvestorAccount): Float32Array =>
      Float32Array.from(storedFeatures, (_, column) => (column === 3 ? Number.NaN : column + account.knownAt / 8))
    const keep = (): Promise<number> => store.materialise([id('a'), id('b'), id('nobody')], stamp, vectorOf)
    await store.putProfiles([investorRecord('a', 10), investorRecord('b', 11)])
    const [account, made] = [await store.account(id('a')), await keep()]
    expect([0, 2]).toContain(made)
    if (made === 0) return expect(await store.vector(id('a'), stamp)).toBeNull()
    expect(await store.vector(id('a'), stamp)).toEqual(vectorOf(account as InvestorAccount))
    expect(await store.account(id('a'))).toEqual(account)
    expect(await store.ids(9)).toEqual(['a', 'b'])
    for (const other of [
      { ...stamp, day: 20_001 },
      { ...stamp, digest: Uint8Array.of(2, 2, 3, 4, 5, 6, 7, 8) },
    ])
      expect(await store.vector(id('a'), other)).toBeNull()
    await store.addEvents([eventRecord('e1', { investorId: 'a', productId: 'p', at: 5 })])
    expect(await store.vector(id('a'), stamp)).toBeNull()
    expect((await store.account(id('a')))?.behaviour.purchased).toHaveLength(1)
    expect(await store.vector(id('b'), stamp)).not.toBeNull()
    expect(await store.vector(id('nobody'), stamp)).toBeNull()
  })

  test('nothing to write is no error', async () => {
    await store.putProfiles([])
    await store.addEvents([])
    await store.putAccounts([])
    expect(await store.ids(1)).toEqual([])
  })

  test('a new opening finds what was written', async () => {
    if (!adapter.durable) return
    const record = investorRecord('a', 10)
    await store.putProfiles([record])
    await store.close()
    store = await adapter.open()
    expect((await store.get(id('a')))?.profile).toEqual(record.value)
  })

  test('events in any order and any parts give the fold of all', async () => {
    const anyEvents = fc.array(anyTrade, { maxLength: 40 })
    let run = 0
    await fc.assert(
      fc.asyncProperty(anyEvents, fc.integer({ min: 1, max: 5 }), async (drawn, parts) => {
        run += 1
        const investorId = `r${run}`
        const events = drawn.map((trade, n) => tradeRecord(`${run}-${n}`, investorId, trade))
        for (let part = 0; part < parts; part += 1) await store.addEvents(events.filter((_, n) => n % parts === part))
        await store.putProfiles([investorRecord(investorId, 1)])
        const all = events.map(({ value }) => value)
        const found = await store.account(id(investorId))
        expect(found).toEqual({ ...(await store.get(id(investorId))), trades: foldTrades(all), daily: foldDaily(all) })
        expect(found?.behaviour).toEqual(foldEvents(all))
      }),
      { numRuns: 25 },
    )
  })
})

describe('a redis that does not answer', () => {
  test('is an expected refusal', async () => {
    await expect(redisStore('redis://127.0.0.1:1')).rejects.toMatchObject({ code: 'store-unreachable' })
  })
})
