import fc from 'fast-check'
import { type InvestorId } from '../schema/ids.js'
import { cachedStore } from './cached.js'
import { memoryStore } from './memory.js'
import { type InvestorStore } from './port.js'
import { counted } from '../../tests/full.js'
import { eventRecord, investorRecord } from '../../tests/sampleRecords.js'

const id = (text: string): InvestorId => text as InvestorId
const [a, b, c] = [id('a'), id('b'), id('c')]

/** A store that counts its reads, a clock, and the cache over them. */
const watched = (entries = 10) => {
  const store = memoryStore()
  const seen = { reads: 0, now: 0 }
  const counting: InvestorStore = {
    ...store,
    get: (who) => {
      seen.reads += 1
      return store.get(who)
    },
  }
  return { store, seen, cache: cachedStore(counting, { entries, maxAgeMs: 1_000, now: () => seen.now }) }
}

test('asks once in the time that a value is kept, also of whom there is none', async () => {
  const { cache, store, seen } = watched()
  await store.putProfiles([investorRecord('a', 1)])
  for (let n = 0; n < 5; n += 1) {
    expect((await cache.get(a))?.knownAt).toBe(1)
    expect(await cache.get(b)).toBeNull()
  }
  expect(seen.reads).toBe(2)
  await store.putProfiles([investorRecord('a', 2)])
  seen.now = 999
  expect((await cache.get(a))?.knownAt).toBe(1)
  seen.now = 1_000
  expect((await cache.get(a))?.knownAt).toBe(2)
})

test('holds no more than so many: whoever was not read longest goes', async () => {
  const { cache, seen } = watched(2)
  for (const who of [a, b, a, c]) await cache.get(who)
  expect(seen.reads).toBe(3)
  await cache.get(a)
  expect(seen.reads).toBe(3)
  await cache.get(b)
  expect(seen.reads).toBe(4)
})

test.each<[string, (store: InvestorStore) => Promise<unknown>]>([
  ['a profile', (store) => store.putProfiles([investorRecord('a', 2)])],
  ['events', (store) => store.addEvents([eventRecord('e', { investorId: 'a', productId: 'p', at: 1 })])],
  ['an erasure', (store) => store.delete(a)],
  [
    'an account',
    async (store) => {
      const account = await store.account(a)
      await store.putAccounts([{ ...account!, knownAt: 9 }])
    },
  ],
])('%s through it is seen by the next read; others stay', async (_, change) => {
  const { cache, store, seen } = watched()
  await store.putProfiles([investorRecord('a', 1), investorRecord('b', 1)])
  const before = await cache.get(a)
  await cache.get(b)
  await change(cache)
  const after = await cache.get(a)
  expect(after).toEqual(await store.get(a))
  expect(after).not.toEqual(before)
  await cache.get(b)
  expect(seen.reads).toBe(3)
})

test('a change that fails may be there: the value is asked for again; others are told of each change', async () => {
  const store = memoryStore()
  await store.putProfiles([investorRecord('a', 1)])
  const told: InvestorId[] = []
  const failing: InvestorStore = {
    ...store,
    putProfiles: async (records) => {
      await store.putProfiles(records)
      throw new Error('the answer was lost')
    },
  }
  const tell = (ids: readonly InvestorId[]): Promise<void> => Promise.resolve(void told.push(...ids))
  const cache = cachedStore(failing, { entries: 10, maxAgeMs: 1_000, now: () => 0, tell })
  await cache.get(a)
  await expect(cache.putProfiles([investorRecord('a', 2)])).rejects.toThrow('lost')
  expect((await cache.get(a))?.knownAt).toBe(2)
  await cache.delete(b)
  expect(told).toEqual(['a', 'b'])
})

test('however reads and changes cross: none sees a value older than a change acknowledged before it began', async () => {
  const anyOperation = fc.record({
    does: fc.constantFrom('read' as const, 'read' as const, 'put' as const),
    who: fc.constantFrom(a, a, a, b),
    turns: fc.nat(12),
  })
  let hits = 0
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(anyOperation, { maxLength: 30 }), async (scheduler, operations) => {
      const store = memoryStore()
      const turn = (): Promise<unknown> => scheduler.schedule(Promise.resolve())
      let asked = 0
      // What is read or written is so at one instant between the question and the answer.
      const slow: InvestorStore = {
        ...store,
        get: async (who) => {
          asked += 1
          await turn()
          const found = await store.get(who)
          await turn()
          return found
        },
        putProfiles: async (records) => {
          await turn()
          await store.putProfiles(records)
          await turn()
        },
      }
      const cache = cachedStore(slow, { entries: 10, maxAgeMs: 1_000, now: () => 0 })
      const acknowledged = new Map<InvestorId, number>()
      let reads = 0
      const done = operations.map(async ({ does, who, turns }, n) => {
        for (let waited = 0; waited < turns; waited += 1) await turn()
        if (does === 'put') {
          await cache.putProfiles([investorRecord(who, n + 1)])
          acknowledged.set(who, Math.max(acknowledged.get(who) ?? 0, n + 1))
        } else {
          reads += 1
          const least = acknowledged.get(who) ?? 0
          expect((await cache.get(who))?.knownAt ?? 0).toBeGreaterThanOrEqual(least)
        }
      })
      await scheduler.waitFor(Promise.all(done))
      hits += reads - asked
    }),
    { numRuns: counted(1_000) },
  )
  expect(hits).toBeGreaterThan(counted(100))
})
