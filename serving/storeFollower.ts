import { type History } from '../features/history/port.js'
import { type EventId, type InvestorId } from '../features/schema/ids.js'
import { type EventRecord, type InvestorAccount, type InvestorRecord } from '../features/schema/records.js'
import { type InvestorStore, StoreUnreachable } from '../features/store/port.js'

/** Later than any fact. */
export const endOfTime = 8_640_000_000_000_000
/** Of how many it is remembered that they were written lately. */
const mostRecent = 100_000
/** How many of those whom a write did not reach, the next one takes with it. */
const caughtUpAtOnce = 100

/**
 * Keeps the store behind the history, and knows where it is not: a write that failed may be there in part, and a server
 * that took another's place may lack the last that was acknowledged. Who is in doubt is read from the history, whole.
 * All but `lacks` and `trusts` run one at a time, and beside no append to the history.
 */
export function storeFollower(history: History, store: InvestorStore) {
  const unsure = new Set<InvestorId>()
  /** Whom the last writes were of, and the history's sequence after the last of his. */
  const recent = new Map<InvestorId, number>()
  /** Whom the store was to forget lately: of that, too, a server may have lost the word. */
  const erased = new Set<InvestorId>()
  /** Everyone written after this sequence is among them; null before the first write. */
  let recentFrom: number | null = null
  /** Tenures that were found to hold all that was acknowledged. */
  const trusted = new Set<string>()

  /** Events that were told in error: what comes after the word of it is never folded. */
  let cancelled: Set<EventId> | null = null
  const cancelledIds = async (): Promise<Set<EventId>> => (cancelled ??= new Set(await history.cancelledIds()))

  const remember = (id: InvestorId, sequence: number): void => {
    recent.delete(id)
    recent.set(id, sequence)
    if (recent.size <= mostRecent) return
    for (const [oldest, written] of recent) {
      recent.delete(oldest)
      recentFrom = written
      return
    }
  }

  const missed = (ids: Iterable<InvestorId>): void => {
    for (const id of ids) unsure.add(id)
  }

  /** Finds out what a server lost; false where that is more than is remembered here. */
  const verify = async (tenure: string): Promise<boolean> => {
    if (trusted.has(tenure)) return true
    recentFrom ??= await history.sequence()
    const kept = await store.takenIn(tenure)
    if (kept === null || kept < recentFrom) return false
    for (const [who, sequence] of recent) if (sequence > kept) unsure.add(who)
    missed(erased)
    trusted.add(tenure)
    return true
  }

  /**
   * With each server whose tenure it knows: with another it would hide what that one lost. Where one does not answer,
   * the next write notes it.
   */
  const note = async (sequence: number): Promise<void> => {
    const tenures = store.tenures()
    try {
      for (const tenure of tenures) if (!(await verify(tenure))) return
      if (unsure.size > 0) return
      if (tenures.length === 0) await store.noteTakenIn(sequence)
      for (const tenure of tenures) await store.noteTakenIn(sequence, tenure)
    } catch (error) {
      if (!(error instanceof StoreUnreachable)) throw error
    }
  }

  const catchUp = async (ids: Iterable<InvestorId>): Promise<void> => {
    const sequence = await history.sequence()
    for (const id of ids) {
      if (!unsure.has(id)) continue
      const account = await history.accountAsOf(id, endOfTime)
      await (account === null ? store.delete(id) : store.putAccounts([account]))
      remember(id, sequence)
      unsure.delete(id)
    }
    await note(sequence)
  }

  const fold = async (
    profiles: readonly InvestorRecord[],
    fresh: readonly EventRecord[],
    takenIn?: number,
  ): Promise<void> => {
    if (fresh.length === 0) return store.putProfiles(profiles, takenIn)
    if (profiles.length > 0) await store.putProfiles(profiles)
    await store.addEvents(fresh, takenIn)
  }

  /** What the history took in after `before`. A store that does not answer is given it later: nothing is lost. */
  const take = async (
    profiles: readonly InvestorRecord[],
    fresh: readonly EventRecord[],
    before: number,
  ): Promise<void> => {
    recentFrom ??= before
    const sequence = await history.sequence()
    const ids = new Set([...profiles.map(({ value }) => value.id), ...fresh.map(({ value }) => value.investorId)])
    const inError = await cancelledIds()
    for (const { value } of fresh) if (value.type === 'cancellation') inError.add(value.cancels)
    // The store cannot take back what it has folded.
    const corrected = new Set(fresh.flatMap(({ value }) => (value.type === 'cancellation' ? [value.investorId] : [])))
    const sure = new Set([...ids].filter((id) => !unsure.has(id) && !corrected.has(id)))
    missed(ids)
    for (const id of ids) remember(id, sequence)
    const all = unsure.size === sure.size && store.tenures().length === 0
    try {
      await fold(
        profiles.filter(({ value }) => sure.has(value.id)),
        fresh.filter(({ value }) => sure.has(value.investorId) && !inError.has(value.eventId)),
        all ? sequence : undefined,
      )
      for (const id of sure) unsure.delete(id)
      if (!all) await catchUp([...unsure].slice(0, caughtUpAtOnce))
    } catch (error) {
      if (!(error instanceof StoreUnreachable)) throw error
    }
  }

  /** Whether who answered for him is known to hold all of him. */
  const trusts = (id: InvestorId): boolean => {
    const tenure = store.tenureOf(id)
    return tenure === null || trusted.has(tenure)
  }

  /** Who is in the history and not in a store that forgets; null where he is in neither. */
  const fill = async (id: InvestorId): Promise<InvestorAccount | null> => {
    const account = await history.accountAsOf(id, endOfTime)
    if (account !== null) await store.putAccounts([account])
    return account
  }

  const refillAll = async (): Promise<void> => {
    await refill(history, store)
    recentFrom = await history.sequence()
    recent.clear()
    unsure.clear()
  }

  const forget = (id: InvestorId): void => {
    unsure.delete(id)
    recent.delete(id)
    erased.add(id)
    const [oldest] = erased
    if (erased.size > mostRecent && oldest !== undefined) erased.delete(oldest)
  }

  return {
    lacks: (id: InvestorId) => unsure.has(id),
    trusts,
    verify: async (id: InvestorId) => verify(store.tenureOf(id) ?? ''),
    missed,
    catchUp,
    take,
    fill,
    refillAll,
    forget,
  }
}

/**
 * Makes the store hold what the history holds, and nobody whom it lacks. Rejects where a server's tenure ends meanwhile:
 * it may have lost a part.
 */
export async function refill(
  history: History,
  store: InvestorStore,
  told?: (investors: number) => void,
): Promise<void> {
  const [sequence, tenures] = [await history.sequence(), store.tenures()]
  const known = new Set<InvestorId>()
  for await (const batch of history.snapshotsAsOf(null)) {
    await store.putAccounts(batch)
    for (const { profile } of batch) known.add(profile.id)
    told?.(known.size)
  }
  for (const id of await store.ids(Number.POSITIVE_INFINITY)) if (!known.has(id)) await store.delete(id)
  if (tenures.length === 0) await store.noteTakenIn(sequence)
  for (const tenure of tenures) await store.noteTakenIn(sequence, tenure)
}
