import { LogError } from '../storage/logError.js'
import { entryIdOf, type PersonalEntry } from './entry.js'
import { type Parts } from './inputs.js'
import { type LedgerIndex } from './ledger.js'
import { type Persons } from './persons.js'
import { PersonsError } from './personWriter.js'

/** What an entry sealed, decrypted, and the key of its person. `lost`: why neither that nor an erasure can be had. */
export type OpenedParts = { readonly parts: Parts; readonly key: Uint8Array } | 'erased' | { readonly lost: string }

/** An entry as it lies in the ledger, with what it sealed: all bytes, so that a comparison leaves nothing out. */
export type RecordedBytes = {
  readonly index: LedgerIndex
  readonly bytes: Uint8Array
  readonly opened: OpenedParts
}

/** What is sealed of an entry. Damage is a finding here, told by `lost`. */
export async function openedParts(
  persons: Pick<Persons, 'partsOf' | 'keyOf'>,
  entry: PersonalEntry,
): Promise<OpenedParts> {
  const entryId = entryIdOf(entry)
  const key = await persons.keyOf(entry.pseudonym)
  if (key === null) return 'erased'
  try {
    const parts = await persons.partsOf(entryId)
    if (parts !== null) return { parts, key }
  } catch (error) {
    if (error instanceof PersonsError || error instanceof LogError) return { lost: error.message }
    throw error
  }
  // He may have been erased between the two.
  if ((await persons.keyOf(entry.pseudonym)) === null) return 'erased'
  return { lost: `what entry ${entryId} sealed is lost; restore persons/ from a backup` }
}
