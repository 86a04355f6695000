import { decode, encode } from 'cborg'
import { openForgettingLmdb } from '../../storage/forgettingLmdb.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { decodeState, encodeState } from './codec.js'
import { type InvestorStore } from './port.js'
import { type Changes, emptyState, eventChanges, profileChanges, snapshotChanges, snapshotOf } from './state.js'

/** Stands before every id, and is none. */
const takenInKey = '!taken-in'
const firstId = '"'

/**
 * A store in a directory, for one process at a time; writes are on the disk when resolved, and a deleted investor is in
 * no file a minute later (storage/forgettingLmdb.ts). The key is the investor's id: ids are ASCII, so the order of their
 * bytes is that of their code units.
 */
export const lmdbStore = async (dir: string): Promise<InvestorStore> => {
  const database = await openForgettingLmdb(dir)

  const apply = async (changes: Changes, takenIn?: number): Promise<void> => {
    if (changes.size === 0 && takenIn === undefined) return
    await database.transact(({ get, put }) => {
      for (const [id, change] of changes) {
        const bytes = get(id)
        put(id, encodeState(change(bytes === undefined ? emptyState : decodeState(bytes))))
      }
      if (takenIn !== undefined) put(takenInKey, encode(takenIn))
    })
  }

  const read = (id: InvestorId): InvestorSnapshot | null => {
    const bytes = database.get(id)
    return bytes === undefined ? null : snapshotOf(decodeState(bytes))
  }

  const ids = (limit: number): readonly InvestorId[] => {
    const found: InvestorId[] = []
    if (limit <= 0) return found
    for (const { key, value } of database.entries(firstId)) {
      if (decodeState(value).profile !== null) found.push(key as InvestorId)
      if (found.length >= limit) break
    }
    return found
  }

  return {
    get: async (id) => Promise.resolve(read(id)),
    putProfiles: (records, takenIn) => apply(profileChanges(records), takenIn),
    addEvents: (events, takenIn) => apply(eventChanges(events), takenIn),
    putSnapshots: (snapshots) => apply(snapshotChanges(snapshots)),
    takenIn: async () => {
      const bytes = database.get(takenInKey)
      return Promise.resolve(bytes === undefined ? null : (decode(bytes) as number))
    },
    noteTakenIn: (sequence) => apply(new Map(), sequence),
    delete: (id) => database.forget(({ remove }) => remove(id)),
    ids: async (limit) => Promise.resolve(ids(limit)),
    close: () => database.close(),
  }
}
