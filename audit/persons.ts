import { join } from 'node:path'
import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { lockDirectory } from '../storage/processLock.js'
import { openRewritableLmdb } from '../storage/rewritableLmdb.js'
import { type Pseudonym } from './commitment.js'
import { type Parts, splitParts } from './inputs.js'
import { decodePerson, keyOfPseudonym, keyOfPerson, keyOfSealed, ownedPrefix, splitSealed } from './personKeys.js'
import { type Committed, personWriter, type PersonEntry, type PersonsError } from './personWriter.js'
import { unseal } from './sealing.js'
import { turns } from './turns.js'

/** The erasable store: whose pseudonym is whose, the persons' keys, and what of their entries is sealed, encrypted. */
export type Persons = {
  /** Keeps an entry's parts, making the person's pseudonym and key at his first; durable when it resolves. */
  readonly commit: <Name extends string>(entry: PersonEntry<Name>) => Promise<Committed<Name>>
  /** Why nothing can be committed until the store is opened again; null while it can. */
  readonly failure: () => PersonsError | null
  /** The parts of an entry; null where the person was erased, or none of that entry were ever kept. */
  readonly partsOf: (entryId: string) => Promise<Parts | null>
  /** Under which pseudonym the person's entries stand; null before his first and after his erasure. */
  readonly pseudonymOf: (firmId: FirmId, investorId: InvestorId) => Promise<Pseudonym | null>
  /** The key behind an entry's commitments, for a check of them; null once its person is erased. */
  readonly keyOf: (pseudonym: Pseudonym) => Promise<Uint8Array | null>
  /**
   * Destroys the person's key and pseudonym, in every file, and removes his ciphertexts: resolves to how many. The pages
   * that held the ciphertexts may stay in the inputs' file until `compact`; nothing can decrypt them any more.
   */
  readonly erase: (firmId: FirmId, investorId: InvestorId) => Promise<number>
  /** Writes both files anew, without anything that was removed. Takes as long as copying what lives. */
  readonly compact: () => Promise<void>
  readonly close: () => Promise<void>
}

/** How many ciphertexts are removed in one transaction. */
const eraseBatch = 5000

/**
 * Opens the store in a directory, for this process alone (LogError `held` otherwise). Two databases: `keys`, small, which
 * every erasure writes anew so that no freed page keeps a key; and `inputs`, large, which only holds ciphertexts.
 * After a failed write every commit rejects until the store is opened again.
 */
export const openPersons = async (dir: string): Promise<Persons> => {
  const unlock = await lockDirectory(dir)
  const keys = await openRewritableLmdb(join(dir, 'keys'))
  const inputs = await openRewritableLmdb(join(dir, 'inputs'))
  const { write, failure } = personWriter(keys, inputs)
  const { join: commit, alone } = turns(write)

  const partsOf = (entryId: string): Parts | null => {
    const stored = inputs.current().get(keyOfSealed(entryId))
    if (stored === undefined) return null
    const { pseudonym, sealed } = splitSealed(stored)
    const key = keys.current().get(keyOfPseudonym(pseudonym))
    return key === undefined ? null : splitParts(unseal(key, entryId, sealed))
  }

  const removeInputs = async (pseudonym: Pseudonym): Promise<number> => {
    const prefix = ownedPrefix(pseudonym)
    const owned: string[] = []
    for (const { key } of inputs.current().entries(prefix)) {
      if (!key.startsWith(prefix)) break
      owned.push(key)
    }
    for (let from = 0; from < owned.length; from += eraseBatch) {
      await inputs.current().transact(({ remove }) => {
        for (const key of owned.slice(from, from + eraseBatch)) {
          remove(keyOfSealed(key.slice(prefix.length)))
          remove(key)
        }
      })
    }
    return owned.length
  }

  const erase = async (firmId: FirmId, investorId: InvestorId): Promise<number> => {
    const stored = keys.current().get(keyOfPerson(firmId, investorId))
    if (stored === undefined) return 0
    const { pseudonym } = decodePerson(stored)
    // Inputs first: should the machine die between, the mapping is still there and erasing again finishes it.
    const removed = await removeInputs(pseudonym)
    await keys.current().transact(({ remove }) => {
      remove(keyOfPerson(firmId, investorId))
      remove(keyOfPseudonym(pseudonym))
    })
    await keys.rewrite()
    return removed
  }

  const pseudonymOf = (firmId: FirmId, investorId: InvestorId): Pseudonym | null => {
    const stored = keys.current().get(keyOfPerson(firmId, investorId))
    return stored === undefined ? null : decodePerson(stored).pseudonym
  }

  return {
    commit,
    failure,
    partsOf: (entryId) => alone(() => Promise.resolve(partsOf(entryId))),
    pseudonymOf: (firmId, investorId) => alone(() => Promise.resolve(pseudonymOf(firmId, investorId))),
    keyOf: (pseudonym) => alone(() => Promise.resolve(keys.current().get(keyOfPseudonym(pseudonym)) ?? null)),
    erase: (firmId, investorId) => alone(() => erase(firmId, investorId)),
    compact: () => alone(() => keys.rewrite().then(() => inputs.rewrite())),
    close: () =>
      alone(async () => {
        await keys.close()
        await inputs.close()
        await unlock()
      }),
  }
}
