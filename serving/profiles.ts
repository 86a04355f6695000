import { turns } from '../audit/turns.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorRecord, type InvestorSnapshot } from '../features/schema/records.js'
import { type InvestorStore } from '../features/store/port.js'

/** Profiles in both places that hold them. The history is right; the store follows it, and never serves what it lacks. */
export type Profiles = {
  /** Durable in both when resolved; those that wait are written together. */
  readonly put: (record: InvestorRecord) => Promise<void>
  readonly get: (id: InvestorId) => Promise<InvestorSnapshot | null>
  /** Out of both; false where the store held nothing. May be repeated. */
  readonly erase: (id: InvestorId) => Promise<boolean>
}

/**
 * Over history and store of one process, which alone writes to them. A crash between the two is found by the store's
 * `takenIn` at the next opening; a store that fails meanwhile is given what it missed before it is read again.
 */
export function openProfiles(history: History, store: InvestorStore): Profiles {
  /** In the history, and not yet in the store. */
  let missed: readonly InvestorRecord[] = []

  const follow = async (): Promise<void> => {
    if (missed.length === 0) return
    await store.putProfiles(missed, await history.sequence())
    missed = []
  }

  const { join, alone } = turns<InvestorRecord, null>(async (group) => {
    const before = await history.sequence()
    try {
      await history.appendInvestors(group, 'api')
    } finally {
      // Also where it failed after they had become visible there.
      if ((await history.sequence()) !== before) missed = [...missed, ...group]
    }
    await follow()
    return group.map(() => ({ value: null }))
  })

  return {
    put: async (record) => void (await join(record)),
    get: async (id) => {
      if (missed.length > 0) await alone(follow)
      return store.get(id)
    },
    erase: (id) =>
      alone(async () => {
        await history.eraseInvestor(id)
        missed = missed.filter(({ value }) => value.id !== id)
        return store.delete(id)
      }),
  }
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
    await store.putSnapshots(batch)
    for (const { profile } of batch) known.add(profile.id)
    told?.(known.size)
  }
  for (const id of await store.ids(Number.POSITIVE_INFINITY)) if (!known.has(id)) await store.delete(id)
  await store.noteTakenIn(sequence)
}
