import { isDeepStrictEqual } from 'node:util'
import { compareIds, type InvestorId } from '../schema/ids.js'
import { type InvestorStore } from './port.js'
import {
  accountChanges,
  accountOf,
  type Changes,
  emptyState,
  eventChanges,
  type InvestorState,
  profileChanges,
  snapshotOf,
} from './state.js'
import { type Stamp } from './vectorValue.js'

/** A store in this process alone, gone with it: the plain twin of the others. */
export const memoryStore = (): InvestorStore => {
  const states = new Map<InvestorId, InvestorState>()
  const vectors = new Map<InvestorId, { readonly stamp: Stamp; readonly vector: Float32Array }>()
  let taken: number | null = null

  const apply = (changes: Changes): Promise<void> => {
    for (const [id, change] of changes) {
      states.set(id, change(states.get(id) ?? emptyState))
      vectors.delete(id)
    }
    return Promise.resolve()
  }

  const ids = (limit: number, after: string): readonly InvestorId[] => {
    const known = [...states].filter(([id, state]) => state.profile !== null && id > after).map(([id]) => id)
    return known.sort(compareIds).slice(0, limit)
  }

  return {
    get: (id) => Promise.resolve(snapshotOf(states.get(id) ?? emptyState)),
    getMany: (many) => Promise.resolve(many.map((id) => snapshotOf(states.get(id) ?? emptyState))),
    account: (id) => Promise.resolve(accountOf(states.get(id) ?? emptyState)),
    putProfiles: async (records, takenIn) => {
      await apply(profileChanges(records))
      taken = takenIn ?? taken
    },
    addEvents: async (events, takenIn) => {
      await apply(eventChanges(events))
      taken = takenIn ?? taken
    },
    putAccounts: (accounts) => apply(accountChanges(accounts)),
    takenIn: () => Promise.resolve(taken),
    noteTakenIn: (sequence) => Promise.resolve(void (taken = sequence)),
    vector: (id, stamp) => {
      const kept = vectors.get(id)
      return Promise.resolve(kept !== undefined && isDeepStrictEqual(kept.stamp, stamp) ? kept.vector : null)
    },
    materialise: (many, stamp, vectorOf) => {
      const accounts = many.flatMap((id) => accountOf(states.get(id) ?? emptyState) ?? [])
      for (const account of accounts) vectors.set(account.profile.id, { stamp, vector: vectorOf(account) })
      return Promise.resolve(accounts.length)
    },
    delete: (id) => {
      vectors.delete(id)
      return Promise.resolve(states.delete(id))
    },
    ids: (limit, after = '') => Promise.resolve(ids(limit, after)),
    tenureOf: () => null,
    tenures: () => [],
    forgets: false,
    close: () => Promise.resolve(),
  }
}
