import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { Pseudonym } from './commitment.js'
import { keyLength } from './sealing.js'

/** Keys and values of audit/persons.ts's database of keys, and the records of its log. An id never holds the "/" that parts a key. */

const pseudonymLength = 16

/** keys: whose pseudonym and key these are. Value: pseudonym, 16 bytes ‖ key, 32 bytes. */
export const keyOfPerson = (firmId: FirmId, investorId: InvestorId): string => `person/${firmId}/${investorId}`
/** keys: the key of a pseudonym, 32 bytes. */
export const keyOfPseudonym = (pseudonym: Pseudonym): string => `key/${pseudonym}`
export type Person = { readonly pseudonym: Pseudonym; readonly key: Uint8Array }

export const encodePerson = ({ pseudonym, key }: Person): Buffer => Buffer.concat([Buffer.from(pseudonym, 'hex'), key])

const pseudonymAt = (bytes: Uint8Array): Pseudonym =>
  Pseudonym.parse(Buffer.from(bytes.subarray(0, pseudonymLength)).toString('hex'))

export const decodePerson = (bytes: Uint8Array): Person => ({
  pseudonym: pseudonymAt(bytes),
  key: bytes.subarray(pseudonymLength, pseudonymLength + keyLength),
})

/** What an entry sealed, in the log of such: under whose key, of which entry, and what seal() gave. */
export type SealedRecord = { readonly pseudonym: Pseudonym; readonly entryId: string; readonly sealed: Uint8Array }

/** Pseudonym, 16 bytes ‖ length of the entry's id, 1 byte ‖ the id, ASCII ‖ what seal() gave. */
export const encodeSealed = ({ pseudonym, entryId, sealed }: SealedRecord): Buffer => {
  const id = Buffer.from(entryId, 'latin1')
  if (id.length > 255) throw new RangeError(`an entry's id of ${id.length} characters, want 255 at most`)
  return Buffer.concat([Buffer.from(pseudonym, 'hex'), Uint8Array.of(id.length), id, sealed])
}

export const decodeSealed = (bytes: Uint8Array): SealedRecord => {
  const start = pseudonymLength + 1
  const end = start + (bytes[pseudonymLength] ?? 0)
  return {
    pseudonym: pseudonymAt(bytes),
    entryId: Buffer.from(bytes.subarray(start, end)).toString('latin1'),
    sealed: bytes.subarray(end),
  }
}
