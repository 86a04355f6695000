import { decode, encode } from 'cborg'
import { openForgettingLmdb } from '../../storage/forgettingLmdb.js'
import { type InvestorId } from '../schema/ids.js'
import { type IdentifierCipher } from '../../storage/identifierCipher.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { foldVersion } from './codec.js'
import { codecOver } from './sealedCodec.js'
import { type InvestorStore } from './port.js'
import { stateBytes, valueWithVector, vectorIn } from './vectorValue.js'
import { accountChanges, accountOf, type Changes, emptyState, eventChanges, profileChanges } from './state.js'

/**
 * Stands before every id, and is none. What was noted by a program that folded less counts for nothing here: such a
 * store is filled again.
 */
const takenInKey = `!taken-in-${foldVersion}`
const firstId = '"'

/**
 * A store in a directory, for one process at a time; writes are on the disk when resolved, and a deleted investor is in
 * no file a minute later (storage/forgettingLmdb.ts). The key is the investor's id: ids are ASCII, so the order of their
 * bytes is that of their code units.
 */
export const lmdbStore = async (dir: string, cipher: IdentifierCipher | null = null): Promise<InvestorStore> => {
  const { decodeSnapshot, decodeState, encodeState } = codecOver(cipher)
  const database = await openForgettingLmdb(dir)
  // A sealed value may begin with any byte; and under a key no vector stands beside it in clear.
  const stateOf = (value: Uint8Array): Uint8Array =>
    cipher === null ? stateBytes(value, storedFeatures.length) : value

  const apply = async (changes: Changes, takenIn?: number): Promise<void> => {
    if (changes.size === 0 && takenIn === undefined) return
    await database.transact(({ get, put }) => {
      for (const [id, change] of changes) {
        const bytes = get(id)
        put(id, encodeState(change(bytes === undefined ? emptyState : decodeState(stateOf(bytes), id)), id))
      }
      if (takenIn !== undefined) put(takenInKey, encode(takenIn))
    })
  }

  const read = <T>(id: InvestorId, decoded: (bytes: Uint8Array, id: InvestorId) => T | null): Promise<T | null> => {
    const bytes = database.get(id)
    return Promise.resolve(bytes === undefined ? null : decoded(stateOf(bytes), id))
  }

  const ids = (limit: number, after: string): readonly InvestorId[] => {
    const found: InvestorId[] = []
    if (limit <= 0) return found
    for (const { key, value } of database.entries(after > firstId ? after : firstId)) {
      if (key > after && decodeSnapshot(stateOf(value), key as InvestorId) !== null) found.push(key as InvestorId)
      if (found.length >= limit) break
    }
    return found
  }

  return {
    get: async (id) => read(id, decodeSnapshot),
    getMany: (many) => Promise.all(many.map((id) => read(id, decodeSnapshot))),
    account: async (id) => read(id, (bytes) => accountOf(decodeState(bytes, id))),
    putProfiles: (records, takenIn) => apply(profileChanges(records), takenIn),
    addEvents: (events, takenIn) => apply(eventChanges(events), takenIn),
    putAccounts: (accounts) => apply(accountChanges(accounts)),
    takenIn: async () => {
      const bytes = database.get(takenInKey)
      return Promise.resolve(bytes === undefined ? null : (decode(bytes) as number))
    },
    noteTakenIn: (sequence) => apply(new Map(), sequence),
    vector: async (id, stamp) => {
      const value = database.get(id)
      return Promise.resolve(value === undefined || cipher !== null ? null : vectorIn(value, stamp))
    },
    materialise: async (many, stamp, vectorOf) => {
      if (cipher !== null) return 0
      return database.transact(({ get, put }) => {
        let made = 0
        for (const id of many) {
          const value = get(id)
          if (value === undefined) continue
          const bytes = stateOf(value)
          const account = accountOf(decodeState(bytes, id))
          if (account === null) continue
          put(id, valueWithVector(stamp, vectorOf(account), bytes))
          made += 1
        }
        return made
      })
    },
    delete: (id) => database.forget(({ remove }) => remove(id)),
    ids: async (limit, after = '') => Promise.resolve(ids(limit, after)),
    tenureOf: () => null,
    tenures: () => [],
    forgets: false,
    close: () => database.close(),
  }
}
