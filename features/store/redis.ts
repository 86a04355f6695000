import { openRedis, type Redis, RedisError } from '../../storage/redis.js'
import { compareIds, type InvestorId } from '../schema/ids.js'
import { type InvestorAccount, type InvestorSnapshot } from '../schema/records.js'
import { decodeSnapshot, decodeState, encodeState, foldVersion } from './codec.js'
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

const inWindows = async <T>(values: readonly T[], work: (value: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < values.length; at += window) await Promise.all(values.slice(at, at + window).map(work))
}

const stateIn = (bytes: Uint8Array | null): InvestorState => (bytes === null ? emptyState : decodeState(bytes))
const snapshotIn = (bytes: Uint8Array | null): InvestorSnapshot | null =>
  bytes === null ? null : decodeSnapshot(bytes)

/** Read, change, swap if nobody wrote meanwhile, else again: several servers may write one investor. */
const applyOne = async (redis: Redis, key: string, change: Change): Promise<void> => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const was = await redis.get(key)
    if (await redis.swap(key, was, encodeState(change(stateIn(was))))) return
  }
  throw new Error(`online store: one investor was written by others ${attempts} times in a row; try again later`)
}

const unreachable = (error: unknown): unknown =>
  error instanceof RedisError ? new StoreUnreachable(error.message, { cause: error }) : error

/** The call's own error, but for a server that does not answer: that is the port's `StoreUnreachable`. */
const translated =
  <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
  async (...args: A): Promise<T> => {
    try {
      return await call(...args)
    } catch (error) {
      throw unreachable(error)
    }
  }

const storeOver = (redis: Redis, prefix: string): InvestorStore => {
  // The braces are a hash tag: whatever is kept of one investor lies in one slot of a cluster.
  const keyOf = (id: InvestorId): string => `${prefix}{${id}}:investor`
  const idOf = (key: string): InvestorId => key.slice(prefix.length + 1, key.lastIndexOf('}')) as InvestorId

  // No brace follows the prefix: no investor's key is this one. A store filled by a program that folded less has another.
  const takenInKey = `${prefix}taken-in-${foldVersion}`
  const noteTakenIn = (sequence: number): Promise<void> =>
    redis.set(takenInKey, new TextEncoder().encode(String(sequence)))
  const takenIn = async (): Promise<number | null> => {
    const bytes = await redis.get(takenInKey)
    return bytes === null ? null : Number(new TextDecoder().decode(bytes))
  }

  const apply = (changes: Changes): Promise<void> =>
    inWindows([...changes], ([id, change]) => applyOne(redis, keyOf(id), change))

  const putAccounts = (accounts: readonly InvestorAccount[]): Promise<void> =>
    inWindows(accounts, (account) => redis.set(keyOf(account.profile.id), encodeState(stateOf(account))))

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
      const values = await Promise.all(some.map((id) => redis.get(keyOf(id))))
      known.push(...some.filter((_, n) => snapshotIn(values[n] ?? null) !== null))
    }
    return known.slice(0, limit)
  }

  return {
    get: translated(async (id) => snapshotIn(await redis.get(keyOf(id)))),
    account: translated(async (id) => accountOf(stateIn(await redis.get(keyOf(id))))),
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
    delete: translated((id) => redis.remove(keyOf(id))),
    ids: translated(ids),
    close: translated(() => redis.close()),
  }
}

const open = translated(async (url: string, prefix: string) => storeOver(await openRedis(url), prefix))

/**
 * A store in a Redis server that any number of machines share; as durable as that server's own persistence.
 * Rejects with `StoreUnreachable` within about two seconds where nothing answers at `redis://…`.
 */
export const redisStore = (url: string, prefix = 'aptus:'): Promise<InvestorStore> => open(url, prefix)
