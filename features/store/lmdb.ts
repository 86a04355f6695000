import { openLmdb } from '../../storage/lmdb.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { decodeState, encodeState } from './codec.js'
import { type InvestorStore } from './port.js'
import { type Changes, emptyState, eventChanges, profileChanges, snapshotChanges, snapshotOf } from './state.js'

/**
 * A store in a directory, which several processes of one machine may open; writes are on the disk when resolved.
 * The key is the investor's id: ids are ASCII, so the order of their bytes is that of their code units.
 */
export const lmdbStore = async (dir: string): Promise<InvestorStore> => {
  const database = await openLmdb(dir)

  const apply = async (changes: Changes): Promise<void> => {
    if (changes.size === 0) return
    await database.transact(({ get, put }) => {
      for (const [id, change] of changes) {
        const bytes = get(id)
        put(id, encodeState(change(bytes === undefined ? emptyState : decodeState(bytes))))
      }
    })
  }

  const read = (id: InvestorId): InvestorSnapshot | null => {
    const bytes = database.get(id)
    return bytes === undefined ? null : snapshotOf(decodeState(bytes))
  }

  const ids = (limit: number): readonly InvestorId[] => {
    const found: InvestorId[] = []
    if (limit <= 0) return found
    for (const { key, value } of database.entries()) {
      if (decodeState(value).profile !== null) found.push(key as InvestorId)
      if (found.length >= limit) break
    }
    return found
  }

  return {
    get: async (id) => Promise.resolve(read(id)),
    putProfiles: (records) => apply(profileChanges(records)),
    addEvents: (events) => apply(eventChanges(events)),
    putSnapshots: (snapshots) => apply(snapshotChanges(snapshots)),
    delete: (id) => database.transact(({ remove }) => remove(id)),
    ids: async (limit) => Promise.resolve(ids(limit)),
    close: () => database.close(),
  }
}
