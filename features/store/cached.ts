import { type InvestorId } from '../schema/ids.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type InvestorStore } from './port.js'

export type CacheOptions = {
  /** How many investors at most: whoever was not read longest goes first. */
  readonly entries: number
  /** How long a value is served without asking: what another process wrote is seen by then. */
  readonly maxAgeMs: number
  /** ms, never going back. */
  readonly now: () => number
  /** Tells other processes whose values changed; it must not reject. */
  readonly tell?: (ids: readonly InvestorId[]) => Promise<void>
}

type Entry = { readonly value: InvestorSnapshot | null; readonly until: number }

/**
 * A store whose `get` is answered from memory for a short time. A change through this object drops the value when it
 * ends, however it ends, and what reads under way bring: none that begins after it was acknowledged sees an older one.
 * Accounts, lists and what was taken in are never kept. `drop` is for what another process told.
 */
export const cachedStore = (
  store: InvestorStore,
  { entries, maxAgeMs, now, tell }: CacheOptions,
): InvestorStore & { readonly drop: (ids: readonly InvestorId[]) => void } => {
  const kept = new Map<InvestorId, Entry>()
  /** The last read under way of each investor; what it brings is kept only while it stands here. */
  const reading = new Map<InvestorId, symbol>()

  const drop = (ids: readonly InvestorId[]): void => {
    for (const id of ids) {
      kept.delete(id)
      reading.delete(id)
    }
  }

  const keep = (id: InvestorId, value: InvestorSnapshot | null): void => {
    kept.delete(id)
    kept.set(id, { value, until: now() + maxAgeMs })
    const [oldest] = kept.keys()
    if (kept.size > entries && oldest !== undefined) kept.delete(oldest)
  }

  const fresh = (id: InvestorId): Entry | null => {
    const entry = kept.get(id)
    if (entry === undefined || entry.until <= now()) return null
    // To the end of the line.
    kept.delete(id)
    kept.set(id, entry)
    return entry
  }

  const readThrough = async (id: InvestorId): Promise<InvestorSnapshot | null> => {
    const mine = Symbol(id)
    reading.set(id, mine)
    try {
      const value = await store.get(id)
      if (reading.get(id) === mine) keep(id, value)
      return value
    } finally {
      if (reading.get(id) === mine) reading.delete(id)
    }
  }

  const changing = async <T>(ids: readonly InvestorId[], change: () => Promise<T>): Promise<T> => {
    try {
      return await change()
    } finally {
      drop(ids)
      await tell?.(ids)
    }
  }

  return {
    ...store,
    drop,
    get: async (id) => {
      const entry = fresh(id)
      return entry === null ? readThrough(id) : entry.value
    },
    putProfiles: (records, takenIn) =>
      changing(
        records.map(({ value }) => value.id),
        () => store.putProfiles(records, takenIn),
      ),
    addEvents: (events, takenIn) =>
      changing([...new Set(events.map(({ value }) => value.investorId))], () => store.addEvents(events, takenIn)),
    putAccounts: (accounts) =>
      changing(
        accounts.map(({ profile }) => profile.id),
        () => store.putAccounts(accounts),
      ),
    delete: (id) => changing([id], () => store.delete(id)),
  }
}
