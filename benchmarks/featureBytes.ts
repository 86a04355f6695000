import { encode } from 'cborg'
import { InvestorId } from '../features/schema/ids.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { encodeState } from '../features/store/codec.js'
import { redisStore } from '../features/store/redis.js'
import { stateOf } from '../features/store/state.js'
import { type Stamp } from '../features/store/vectorValue.js'
import { type RedisServer } from './redisServer.js'
import { rounded } from './suite.js'

const perCall = 10_000
/** A load waits as long as the machine is busy. */
const patient = { readMs: 60_000, writeMs: 60_000 }
const extrapolated = 50_000_000

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const usedMemory = (server: RedisServer): number => {
  const found = /used_memory:(\d+)/.exec(server.ask('info', 'memory'))
  if (found === null) throw new Error('redis-server: INFO memory has no used_memory')
  return Number(found[1])
}

/** Until two readings a second apart agree: a table that grows is moved a little at a time. */
async function settledMemory(server: RedisServer): Promise<number> {
  for (let before = usedMemory(server); ;) {
    await new Promise((done) => setTimeout(done, 1000))
    const now = usedMemory(server)
    if (Math.abs(now - before) < 100_000) return now
    before = now
  }
}

/** Bytes a key of Redis's table of keys, a power of two of pointers of 8 bytes. */
const tableBytes = (keys: number): number => (8 * 2 ** Math.ceil(Math.log2(keys))) / keys

/** The same values as arrays, without the names of their fields. */
function unnamed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return (Array.isArray(value) ? value : Object.values(value)).map(unnamed)
}

/** Mean bytes of an investor's state as each codec writes it. */
export function codecBytes(accounts: readonly InvestorAccount[]): readonly object[] {
  const states = accounts.map(stateOf)
  const plain = states.map((state) => JSON.stringify(state))
  const sizes = {
    'codec 6': mean(states.map((state) => encodeState(state).length)),
    'CBOR, arrays without names': mean(plain.map((json) => encode(unnamed(JSON.parse(json))).length)),
    'CBOR, objects with names': mean(plain.map((json) => encode(JSON.parse(json)).length)),
    JSON: mean(plain.map((json) => Buffer.byteLength(json))),
  }
  return Object.entries(sizes).map(([codec, bytes]) => ({
    codec,
    'value bytes, mean': rounded(bytes, 1),
    'ratio to JSON': rounded(bytes / sizes.JSON),
  }))
}

type Vectors = { readonly stamp: Stamp; readonly vectorOf: (account: InvestorAccount) => Float32Array }

/** What so many investors take in Redis, all told: the accounts again and again, each under an id of its own. */
export async function bytesInRedis(
  server: RedisServer,
  accounts: readonly InvestorAccount[],
  investors: number,
  vectors: Vectors | null = null,
): Promise<object> {
  server.ask('flushall')
  const before = await settledMemory(server)
  const store = await redisStore(server.url, { vectors: vectors !== null, limits: patient })
  try {
    for (let from = 0; from < investors; from += perCall) {
      const some = Array.from({ length: Math.min(perCall, investors - from) }, (_, n) => {
        const account = accounts[(from + n) % accounts.length]
        if (account === undefined) throw new RangeError('bytes in Redis: no accounts')
        const id = InvestorId.parse(`inv-${String(from + n).padStart(8, '0')}`)
        return { ...account, profile: { ...account.profile, id } }
      })
      await store.putAccounts(some)
      if (vectors === null) continue
      const ids = some.map(({ profile }) => profile.id)
      const made = await store.materialise(ids, vectors.stamp, vectors.vectorOf)
      if (made !== ids.length) throw new Error(`bytes in Redis: ${made} of ${ids.length} vectors were kept`)
    }
  } finally {
    await store.close()
  }
  const each = ((await settledMemory(server)) - before) / investors
  const each50 = each - tableBytes(investors) + tableBytes(extrapolated)
  return {
    investors,
    'keys in Redis': Number(server.ask('dbsize')),
    'bytes an investor': rounded(each, 1),
    'bytes an investor at 50,000,000': rounded(each50, 1),
    'GB at 50,000,000': rounded((each50 * extrapolated) / 1e9),
  }
}
