import { randomUUID } from 'node:crypto'
import { openRedis, type Redis, RedisError, type RedisLimits } from '../../storage/redis.js'
import { compareIds, type InvestorId } from '../schema/ids.js'
import { type InvestorAccount, type InvestorSnapshot } from '../schema/records.js'
import { cachedStore } from './cached.js'
import { type IdentifierCipher } from '../../storage/identifierCipher.js'
import { foldVersion } from './codec.js'
import { codecOver } from './sealedCodec.js'
import { redisVectors, withoutVector } from './redisVectors.js'
import { type InvestorStore, StoreUnreachable } from './port.js'
import {
  accountOf,
  type Change,
  type Changes,
  emptyState,
  eventChanges,
  type InvestorState,
  profileChanges,
  stateOf,
} from './state.js'

/** Commands under way at once: enough to hide the round trip, few enough to bound the buffers. */
const window = 500
/** Another writer in between costs a swap its turn; as many in a row mean that something is wrong. */
const attempts = 50

/** Rejects only when nothing of it is under way any more: what came after would meet it. */
const inWindows = async <T>(values: readonly T[], work: (value: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < values.length; at += window) {
    const done = await Promise.allSettled(values.slice(at, at + window).map(work))
    const failed = done.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

const unreachable = (error: unknown): unknown =>
  error instanceof RedisError ? new StoreUnreachable(error.message, { cause: error }) : error

/** The call's own error, but for a server that does not answer: that is the port's `StoreUnreachable`. */
const translated =
  <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
  (...args: A): Promise<T> =>
    call(...args).catch((error: unknown) => {
      throw unreachable(error)
    })

export type RedisStoreOptions = {
  /** Stands before every key: several installations may share a Redis. */
  readonly prefix?: string
  /** How long somebody is kept who is not written; without it, for good. */
  readonly ttlMs?: number
  readonly limits?: Partial<RedisLimits>
  /** So many investors are kept in this process for so long: features/store/cached.ts. Without it, none. */
  readonly cache?: { readonly entries: number; readonly maxAgeMs: number }
  /** Seals the values. */
  readonly cipher?: IdentifierCipher | null
  /** Keeps materialised vectors too: some 90 bytes an investor more. Not beside a cipher, under which no value is in clear. */
  readonly vectors?: boolean
  /** Events are folded by workers (serving/streamedStore.ts): a store that was filled otherwise is filled again. */
  readonly streamed?: boolean
}

/** The key of an investor's state. The braces are a hash tag: whatever is kept of him lies in one slot of a cluster. */
export const redisStateKey =
  (prefix = 'aptus:') =>
  (id: InvestorId): string =>
    `${prefix}{${id}}:investor`

const noVectors = { vector: () => Promise.resolve(null), materialise: () => Promise.resolve(0) }

const storeOver = (redis: Redis, options: RedisStoreOptions): InvestorStore => {
  const { prefix = 'aptus:', ttlMs, cipher = null, vectors = false, streamed = false } = options
  const { decodeSnapshot, decodeState, encodeState } = codecOver(cipher)
  // A vector may be of another server, which keeps them. A sealed value may begin with any byte, and has none.
  const inValue = (value: Uint8Array): Uint8Array => (cipher === null ? withoutVector(value) : value)
  const stateIn = (bytes: Uint8Array | null, id: InvestorId): InvestorState =>
    bytes === null ? emptyState : decodeState(inValue(bytes), id)
  const snapshotIn = (bytes: Uint8Array | null, id: InvestorId): InvestorSnapshot | null =>
    bytes === null ? null : decodeSnapshot(inValue(bytes), id)

  const keyOf = redisStateKey(prefix)
  const idOf = (key: string): InvestorId => key.slice(prefix.length + 1, key.lastIndexOf('}')) as InvestorId

  // No brace follows the prefix: no investor's key is one of these. A store filled by a program that folded less has
  // others. Each server has its own: what it lost of the last writes, it lost with this, which came after them.
  const takenInKey = `${prefix}taken-in-${foldVersion}${streamed ? '-streamed' : ''}`
  const noteTakenIn = async (sequence: number, tenure?: string): Promise<void> => {
    const value = new TextEncoder().encode(String(sequence))
    await inWindows(tenure === undefined ? redis.tenures() : [tenure], (each) => redis.own(each, takenInKey).set(value))
  }
  const takenIn = async (tenure?: string): Promise<number | null> => {
    const tenures = tenure === undefined ? redis.tenures() : [tenure]
    const noted = await Promise.all(tenures.map((each) => redis.own(each, takenInKey).get()))
    const numbers = noted.flatMap((bytes) => (bytes === null ? [] : [Number(new TextDecoder().decode(bytes))]))
    return numbers.length < noted.length || noted.length === 0 ? null : Math.min(...numbers)
  }

  /** Read, change, swap if nobody wrote meanwhile, else again: several servers may write one investor. */
  const applyOne = async (id: InvestorId, change: Change): Promise<void> => {
    const key = keyOf(id)
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const was = await redis.get(key)
      if (was === null && ttlMs !== undefined) return
      if (await redis.swap(key, was, encodeState(change(stateIn(was, id)), id), ttlMs)) return
    }
    throw new Error(`online store: one investor was written by others ${attempts} times in a row; try again later`)
  }

  const apply = (changes: Changes): Promise<void> => inWindows([...changes], ([id, change]) => applyOne(id, change))

  const putAccounts = (accounts: readonly InvestorAccount[]): Promise<void> =>
    inWindows(accounts, (account) =>
      redis.set(keyOf(account.profile.id), encodeState(stateOf(account), account.profile.id), ttlMs),
    )

  const allIds = async (): Promise<readonly InvestorId[]> => {
    const found = new Set<InvestorId>()
    for await (const keys of redis.keys(`${prefix}{`)) for (const key of keys) found.add(idOf(key))
    return [...found].sort(compareIds)
  }

  const ids = async (limit: number, after = ''): Promise<readonly InvestorId[]> => {
    const known: InvestorId[] = []
    const all = (await allIds()).filter((id) => id > after)
    for (let at = 0; at < all.length && known.length < limit; at += window) {
      const some = all.slice(at, at + window)
      const values = await redis.getMany(some.map(keyOf))
      known.push(...some.filter((id, n) => snapshotIn(values[n] ?? null, id) !== null))
    }
    return known.slice(0, limit)
  }

  const kept = vectors && cipher === null ? redisVectors(redis, keyOf, ttlMs) : noVectors
  return {
    get: translated(async (id) => snapshotIn(await redis.get(keyOf(id)), id)),
    getMany: translated(async (many) => {
      const values = await redis.getMany(many.map(keyOf))
      return many.map((id, n) => snapshotIn(values[n] ?? null, id))
    }),
    account: translated(async (id) => accountOf(stateIn(await redis.get(keyOf(id)), id))),
    putProfiles: translated(async (records, sequence) => {
      await apply(profileChanges(records))
      if (sequence !== undefined) await noteTakenIn(sequence)
    }),
    addEvents: translated(async (events, sequence) => {
      await apply(eventChanges(events))
      if (sequence !== undefined) await noteTakenIn(sequence)
    }),
    putAccounts: translated(putAccounts),
    takenIn: translated(takenIn),
    noteTakenIn: translated(noteTakenIn),
    vector: translated(kept.vector),
    materialise: translated(kept.materialise),
    delete: translated((id) => redis.remove(keyOf(id))),
    ids: translated(ids),
    tenureOf: (id) => redis.tenureOf(keyOf(id)),
    tenures: redis.tenures,
    forgets: ttlMs !== undefined,
    close: translated(() => redis.close()),
  }
}

/**
 * The store with a cache, which tells those of other processes over a channel. That is all it needs: what is not heard
 * for a broken connection is asked again when the value's time is up.
 */
const cachedOver = async (
  redis: Redis,
  store: InvestorStore,
  { prefix = 'aptus:', cache }: RedisStoreOptions,
): Promise<InvestorStore> => {
  if (cache === undefined) return store
  const [channel, self] = [`${prefix}changed`, randomUUID()]
  const tell = async (ids: readonly InvestorId[]): Promise<void> => {
    try {
      await redis.publish(channel, [self, ...ids].join(' '))
    } catch (error) {
      if (!(error instanceof RedisError)) throw error
    }
  }
  const cached = cachedStore(store, { ...cache, now: () => performance.now(), tell })
  await redis.subscribe(channel, (message) => {
    const [from, ...ids] = message.split(' ')
    if (from !== self) cached.drop(ids as InvestorId[])
  })
  return cached
}

const open = translated(async (url: string, options: RedisStoreOptions) => {
  const redis = await openRedis(url, options.limits)
  return cachedOver(redis, storeOver(redis, options), options)
})

/**
 * A store in a Redis server or cluster that any number of machines share; as durable as that one's own persistence.
 * Rejects with `StoreUnreachable` within about two seconds where nothing answers at the address
 * (storage/redisAddress.ts).
 */
export const redisStore = (url: string, options: RedisStoreOptions = {}): Promise<InvestorStore> => open(url, options)
