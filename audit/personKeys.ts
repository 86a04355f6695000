import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { Pseudonym } from './commitment.js'
import { keyLength } from './sealing.js'

/** Keys and values of audit/persons.ts's two databases. An id never holds the "/" that parts a key. */

const pseudonymLength = 16

/** keys: whose pseudonym and key these are. Value: pseudonym, 16 bytes ‖ key, 32 bytes. */
export const keyOfPerson = (firmId: FirmId, investorId: InvestorId): string => `person/${firmId}/${investorId}`
/** keys: the key of a pseudonym, 32 bytes. */
export const keyOfPseudonym = (pseudonym: Pseudonym): string => `key/${pseudonym}`
/** inputs: what an entry sealed. Value: pseudonym, 16 bytes ‖ what seal() gave. */
export const keyOfSealed = (entryId: string): string => `sealed/${entryId}`
/** inputs: begins the keys that name the entries of a pseudonym; their values say nothing. */
export const ownedPrefix = (pseudonym: Pseudonym): string => `owned/${pseudonym}/`

export type Person = { readonly pseudonym: Pseudonym; readonly key: Uint8Array }

export const encodePerson = ({ pseudonym, key }: Person): Buffer => Buffer.concat([Buffer.from(pseudonym, 'hex'), key])

const pseudonymAt = (bytes: Uint8Array): Pseudonym =>
  Pseudonym.parse(Buffer.from(bytes.subarray(0, pseudonymLength)).toString('hex'))

export const decodePerson = (bytes: Uint8Array): Person => ({
  pseudonym: pseudonymAt(bytes),
  key: bytes.subarray(pseudonymLength, pseudonymLength + keyLength),
})

export const joinSealed = (pseudonym: Pseudonym, sealed: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(pseudonym, 'hex'), sealed])

export const splitSealed = (bytes: Uint8Array): { readonly pseudonym: Pseudonym; readonly sealed: Uint8Array } => ({
  pseudonym: pseudonymAt(bytes),
  sealed: bytes.subarray(pseudonymLength),
})
