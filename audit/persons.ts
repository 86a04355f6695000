import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { lockDirectory } from '../storage/processLock.js'
import { type IdentifierCipher, IdentifierError } from '../storage/identifierCipher.js'
import { openRewritableLmdb } from '../storage/rewritableLmdb.js'
import { type Cut } from '../storage/segmentRecovery.js'
import { type SegmentOptions } from '../storage/segments.js'
import { type Pseudonym } from './commitment.js'
import { type Parts, splitParts } from './inputs.js'
import { keyOfPseudonym, personCodec, recoded } from './personKeys.js'
import { type Committed, personWriter, type PersonEntry, PersonsError } from './personWriter.js'
import { openSealedLog } from './sealedLog.js'
import { cipherKeyOf, unseal } from './sealing.js'
import { turns } from './turns.js'

/** The erasable store: whose pseudonym is whose, the persons' keys, and what of their entries is sealed, encrypted. */
export type Persons = {
  /** Keeps an entry's parts, making the person's pseudonym and key at his first; durable when it resolves. */
  readonly commit: <Name extends string>(entry: PersonEntry<Name>) => Promise<Committed<Name>>
  /** Why nothing can be committed until the store is opened again; null while it can. */
  readonly failure: () => PersonsError | null
  /**
   * The parts of an entry; null where the person was erased, or none of that entry were ever kept. Rejects with
   * PersonsError `damaged` or LogError where they are not what was kept.
   */
  readonly partsOf: (entryId: string) => Promise<Parts | null>
  /** As `partsOf`, of several at once. */
  readonly partsOfAll: (entryIds: readonly string[]) => Promise<readonly (Parts | null)[]>
  /** Under which pseudonym the person's entries stand; null before his first and after his erasure. */
  readonly pseudonymOf: (firmId: FirmId, investorId: InvestorId) => Promise<Pseudonym | null>
  /** The key behind an entry's commitments, for a check of them; null once its person is erased. */
  readonly keyOf: (pseudonym: Pseudonym) => Promise<Uint8Array | null>
  /**
   * Destroys the person's key and pseudonym, in every file; false where there was none. His ciphertexts stay until
   * `compact`: nothing can decrypt them any more.
   */
  readonly erase: (firmId: FirmId, investorId: InvestorId) => Promise<boolean>
  /** Writes keys and log anew, without anything of whom was erased. Takes as long as copying what lives. */
  readonly compact: () => Promise<void>
  /** What opening cut off a torn end of the log; null where nothing was. */
  readonly cut: Cut | null
  readonly close: () => Promise<void>
}

function opened(key: Uint8Array, entryId: string, sealed: Uint8Array): Uint8Array {
  try {
    return unseal(cipherKeyOf(key), entryId, sealed)
  } catch (cause) {
    const what = `what entry ${entryId} sealed does not open with its person's key`
    throw new PersonsError('damaged', `${what}: it was changed; restore persons/ from a backup`, { cause })
  }
}

/**
 * Opens the store in a directory, for this process alone. Throws LogError: `held`, `damaged`, `shorter`. Two parts: a
 * database of keys, small, which every erasure writes anew so that no freed page keeps a key; and a log, large, which
 * only holds ciphertexts. After a failed write every commit rejects until the store is opened again.
 */
export const openPersons = async (
  dir: string,
  options: SegmentOptions = {},
  cipher: IdentifierCipher | null = null,
): Promise<Persons> => {
  const codec = personCodec(cipher)
  if (existsSync(join(dir, 'inputs')))
    throw new Error('persons/ was written by an earlier version, which this one does not read: see CHANGELOG.md')
  const unlock = await lockDirectory(dir)
  const log = await openSealedLog(join(dir, 'sealed'), options).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  const keys = await openRewritableLmdb(join(dir, 'keys'))
  const { write, failure, forget } = personWriter(keys, log, codec)
  const { join: commit, alone } = turns(write)

  const keyOf = (pseudonym: Pseudonym): Uint8Array | null => {
    const stored = keys.current().get(keyOfPseudonym(pseudonym))
    return stored === undefined ? null : codec.decodeKey(pseudonym, stored)
  }

  const partsOf = async (entryId: string): Promise<Parts | null> => {
    const record = await log.get(entryId)
    const key = record === null ? null : keyOf(record.pseudonym)
    return record === null || key === null ? null : splitParts(opened(key, entryId, record.sealed))
  }

  const erase = async (firmId: FirmId, investorId: InvestorId): Promise<boolean> => {
    const name = codec.nameOf(firmId, investorId)
    const stored = keys.current().get(name)
    if (stored === undefined) return false
    forget(name)
    await keys.current().transact(({ remove }) => {
      remove(name)
      remove(keyOfPseudonym(codec.decodePerson(stored).pseudonym))
    })
    await keys.rewrite()
    return true
  }

  const pseudonymOf = (firmId: FirmId, investorId: InvestorId): Pseudonym | null => {
    const stored = keys.current().get(codec.nameOf(firmId, investorId))
    return stored === undefined ? null : codec.decodePerson(stored).pseudonym
  }

  return {
    commit,
    failure,
    partsOf: (entryId) => alone(() => partsOf(entryId)),
    partsOfAll: (entryIds) => alone(() => Promise.all(entryIds.map(partsOf))),
    pseudonymOf: (firmId, investorId) => alone(() => Promise.resolve(pseudonymOf(firmId, investorId))),
    keyOf: (pseudonym) => alone(() => Promise.resolve(keyOf(pseudonym))),
    erase: (firmId, investorId) => alone(() => erase(firmId, investorId)),
    compact: () =>
      alone(async () => {
        await keys.rewrite()
        await log.rewrite((pseudonym) => keys.current().get(keyOfPseudonym(pseudonym)) !== undefined)
      }),
    cut: log.cut,
    close: () =>
      alone(async () => {
        await keys.close()
        await log.close()
        await unlock()
      }),
  }
}

/**
 * Writes the names and keys of persons anew under another cipher, in one transaction, and then the file without what it
 * was; what is under the second already stays. For a data directory that nobody else has open.
 */
export async function rekeyPersons(
  dir: string,
  [from, to]: readonly [IdentifierCipher | null, IdentifierCipher | null],
): Promise<number> {
  const unlock = await lockDirectory(dir)
  try {
    const keys = await openRewritableLmdb(join(dir, 'keys'))
    try {
      const held = [...keys.current().entries()].map(({ key, value }) => ({ key, value: Uint8Array.from(value) }))
      const isOf = (cipher: IdentifierCipher, entry: (typeof held)[number]): boolean =>
        opens(() => recoded(entry, [cipher, cipher]))
      const isDone = held.every((entry) => (to === null ? from === null || !isOf(from, entry) : isOf(to, entry)))
      if (!isDone) {
        const fresh = held.map((entry) => recoded(entry, [from, to]))
        await keys.current().transact(({ put, remove }) => {
          for (const { key } of held) remove(key)
          for (const { key, value } of fresh) put(key, value)
        })
      }
      await keys.rewrite()
      return held.length / 2
    } finally {
      await keys.close()
    }
  } finally {
    await unlock()
  }
}

function opens(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof IdentifierError) return false
    throw error
  }
}
