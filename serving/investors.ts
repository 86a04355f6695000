import { turns } from '../audit/turns.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import {
  type EventRecord,
  type InvestorAccount,
  type InvestorRecord,
  type InvestorSnapshot,
} from '../features/schema/records.js'
import { type InvestorStore } from '../features/store/port.js'

/** Of a request's events: those that were new, and those whose id was known or came before in the same request. */
export type Taken = { readonly accepted: number; readonly duplicates: number }

/** Profiles and events in both places that hold them. The history is right; the store follows, and never leads. */
export type Investors = {
  /** Durable in both when resolved; those that wait are written together. */
  readonly put: (record: InvestorRecord) => Promise<void>
  /** As `put`: what waits meanwhile, of whichever callers, is one append to the history. */
  readonly addEvents: (events: readonly EventRecord[]) => Promise<Taken>
  readonly get: (id: InvestorId) => Promise<InvestorSnapshot | null>
  /** The same with what he traded. */
  readonly account: (id: InvestorId) => Promise<InvestorAccount | null>
  /** Out of both; false where the store held nothing. May be repeated. */
  readonly erase: (id: InvestorId) => Promise<boolean>
}

type Item = { readonly profiles: readonly InvestorRecord[]; readonly events: readonly EventRecord[] }

/** Later than any fact. */
const endOfTime = 8_640_000_000_000_000

/**
 * Over history and store of one process, which alone writes to them. A crash between the two is found by the store's
 * `takenIn` at the next opening; a store that fails meanwhile is given what it missed before it is read again.
 */
export function openInvestors(history: History, store: InvestorStore): Investors {
  const follower = storeThatFollows(history, store)

  const { join, alone } = turns<Item, Taken>(async (items) => {
    const [profiles, events] = [items.flatMap((item) => item.profiles), items.flatMap((item) => item.events)]
    const before = await history.sequence()
    let fresh: ReadonlySet<EventRecord>
    try {
      await history.appendInvestors(profiles, 'api')
      fresh = new Set((await history.appendEvents(events, 'api')).fresh)
    } catch (error) {
      // They may have become visible there before it failed; which of the events were new is not known.
      if ((await history.sequence()) !== before) follower.missed(profiles, events)
      throw error
    }
    await follower.take(profiles, [...fresh])
    return items.map((item) => {
      const accepted = item.events.filter((event) => fresh.has(event)).length
      return { value: { accepted, duplicates: item.events.length - accepted } }
    })
  })

  return {
    put: async (record) => void (await join({ profiles: [record], events: [] })),
    addEvents: (events) => join({ profiles: [], events }),
    get: async (id) => {
      if (follower.lags()) await alone(follower.catchUp)
      return store.get(id)
    },
    account: async (id) => {
      if (follower.lags()) await alone(follower.catchUp)
      return store.account(id)
    },
    erase: (id) =>
      alone(async () => {
        await history.eraseInvestor(id)
        follower.forget(id)
        return store.delete(id)
      }),
  }
}

/** What is in the history and not yet in the store. */
function storeThatFollows(history: History, store: InvestorStore) {
  let profiles: readonly InvestorRecord[] = []
  /** Whose events the store may have in part: given twice they would count twice, so he is read from the history. */
  const unsure = new Set<InvestorId>()

  const missed = (more: readonly InvestorRecord[], events: readonly EventRecord[]): void => {
    profiles = [...profiles, ...more]
    for (const { value } of events) unsure.add(value.investorId)
  }

  const lags = (): boolean => profiles.length > 0 || unsure.size > 0

  const catchUp = async (): Promise<void> => {
    if (!lags()) return
    const sequence = await history.sequence()
    const accounts: InvestorAccount[] = []
    for (const id of unsure) {
      const account = await history.accountAsOf(id, endOfTime)
      if (account !== null) accounts.push(account)
    }
    await store.putAccounts(accounts)
    await store.putProfiles(profiles, sequence)
    profiles = []
    unsure.clear()
  }

  const take = async (more: readonly InvestorRecord[], fresh: readonly EventRecord[]): Promise<void> => {
    const behind = unsure.size > 0
    missed(more, fresh)
    if (behind || fresh.length === 0) return catchUp()
    if (profiles.length > 0) await store.putProfiles(profiles)
    profiles = []
    await store.addEvents(fresh, await history.sequence())
    unsure.clear()
  }

  const forget = (id: InvestorId): void => {
    profiles = profiles.filter(({ value }) => value.id !== id)
    unsure.delete(id)
  }

  return { missed, lags, catchUp, take, forget }
}

/** Makes the store hold what the history holds, and nobody whom it lacks. */
export async function refill(
  history: History,
  store: InvestorStore,
  told?: (investors: number) => void,
): Promise<void> {
  const sequence = await history.sequence()
  const known = new Set<InvestorId>()
  for await (const batch of history.snapshotsAsOf(null)) {
    await store.putAccounts(batch)
    for (const { profile } of batch) known.add(profile.id)
    told?.(known.size)
  }
  for (const id of await store.ids(Number.POSITIVE_INFINITY)) if (!known.has(id)) await store.delete(id)
  await store.noteTakenIn(sequence)
}
