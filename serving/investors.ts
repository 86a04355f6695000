import { turns } from '../audit/turns.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import {
  type EventRecord,
  type InvestorAccount,
  type InvestorRecord,
  type InvestorSnapshot,
} from '../features/schema/records.js'
import { type InvestorStore, StoreUnreachable } from '../features/store/port.js'
import { endOfTime, storeFollower } from './storeFollower.js'

/** Of a request's events: those that were new, and those whose id was known or came before in the same request. */
export type Taken = { readonly accepted: number; readonly duplicates: number }

/** Profiles and events in both places that hold them. The history is right; the store follows, and never leads. */
export type Investors = {
  /**
   * In the history when resolved, durably; those that wait are written together. A store that does not answer is given
   * it before it is next read, so a read never misses it.
   */
  readonly put: (record: InvestorRecord) => Promise<void>
  /** As `put`: what waits meanwhile, of whichever callers, is one append to the history. */
  readonly addEvents: (events: readonly EventRecord[]) => Promise<Taken>
  readonly get: (id: InvestorId) => Promise<InvestorSnapshot | null>
  /** The same with what he traded. */
  readonly account: (id: InvestorId) => Promise<InvestorAccount | null>
  /** The first ids after `after`, by code unit, of those who have a profile. */
  readonly ids: (limit: number, after?: string) => Promise<readonly InvestorId[]>
  /** Out of both; false where the store held nothing. May be repeated. */
  readonly erase: (id: InvestorId) => Promise<boolean>
}

type Item = { readonly profiles: readonly InvestorRecord[]; readonly events: readonly EventRecord[] }

/**
 * Over history and store of one process, which alone writes to them. A crash between the two is found by the store's
 * `takenIn` at the next opening; what a store did not take in, or lost by a failover, is given to it before it is read.
 */
export function openInvestors(history: History, store: InvestorStore): Investors {
  const follower = storeFollower(history, store)

  const { join, alone } = turns<Item, Taken>(async (items) => {
    const [profiles, events] = [items.flatMap((item) => item.profiles), items.flatMap((item) => item.events)]
    const before = await history.sequence()
    let fresh: ReadonlySet<EventRecord>
    try {
      await history.appendInvestors(profiles, 'api')
      fresh = new Set((await history.appendEvents(events, 'api')).fresh)
    } catch (error) {
      // They may have become visible there before it failed; which of the events were new is not known.
      if ((await history.sequence()) !== before)
        follower.missed([...profiles.map(({ value }) => value.id), ...events.map(({ value }) => value.investorId)])
      throw error
    }
    await follower.take(profiles, [...fresh], before)
    return items.map((item) => {
      const accepted = item.events.filter((event) => fresh.has(event)).length
      return { value: { accepted, duplicates: item.events.length - accepted } }
    })
  })

  let filling: Promise<void> | null = null
  let fault: { readonly error: unknown } | null = null
  const fillAgain = (): void => {
    filling ??= alone(follower.refillAll).then(
      () => void (filling = null),
      (error: unknown) => {
        filling = null
        if (!(error instanceof StoreUnreachable)) fault = { error }
      },
    )
  }
  const refuseWhileFilling = (): void => {
    if (fault !== null) {
      const { error } = fault
      fault = null
      throw error
    }
    if (filling === null) return
    throw new StoreUnreachable('the online store lost what it held and is being filled again from the history', {
      cause: null,
    })
  }

  const read = async <T>(id: InvestorId, from: (id: InvestorId) => Promise<T | null>): Promise<T | null> => {
    for (;;) {
      if (follower.lacks(id)) await alone(() => follower.catchUp([id]))
      const found = await from(id)
      // Asked after the answer: whoever gave it is known by then.
      if (follower.trusts(id)) return found
      refuseWhileFilling()
      if (!(await alone(() => follower.verify(id)))) fillAgain()
      refuseWhileFilling()
    }
  }

  /** Whoever the store has forgotten is filled from the history, where he is there. */
  const readOrFill = async <T>(id: InvestorId, from: (id: InvestorId) => Promise<T | null>): Promise<T | null> => {
    const found = await read(id, from)
    if (found !== null || !store.forgets || (await history.investorAsOf(id, endOfTime)) === null) return found
    await alone(() => follower.fill(id))
    return read(id, from)
  }

  /** From the history where the store does not have everybody. */
  const ids = async (limit: number, after = ''): Promise<readonly InvestorId[]> => {
    if (!store.forgets) return store.ids(limit, after)
    const found: InvestorId[] = []
    for await (const batch of history.snapshotsAsOf(null)) {
      found.push(...batch.map(({ profile }) => profile.id).filter((id) => id > after))
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  return {
    put: async (record) => {
      refuseWhileFilling()
      await join({ profiles: [record], events: [] })
    },
    addEvents: async (events) => {
      refuseWhileFilling()
      return join({ profiles: [], events })
    },
    get: (id) => readOrFill(id, store.get),
    account: (id) => readOrFill(id, store.account),
    ids,
    erase: (id) =>
      alone(async () => {
        await history.eraseInvestor(id)
        follower.forget(id)
        return store.delete(id)
      }),
  }
}
