import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type IdentifierCipher } from '../storage/identifierCipher.js'
import { Pseudonym } from './commitment.js'
import { keyLength } from './sealing.js'

/** Keys and values of audit/persons.ts's database of keys, and the records of its log. An id never holds the "/" that parts a key. */

const pseudonymLength = 16

/** keys: the key of a pseudonym, 32 bytes, or sealed. */
export const keyOfPseudonym = (pseudonym: Pseudonym): string => `key/${pseudonym}`
export type Person = { readonly pseudonym: Pseudonym; readonly key: Uint8Array }

const pseudonymAt = (bytes: Uint8Array): Pseudonym =>
  Pseudonym.parse(Buffer.from(bytes.subarray(0, pseudonymLength)).toString('hex'))

const personPrefix = 'person/'

/** How names and keys of persons lie in the database: in clear, or under a cipher of which only the environment has the key. */
export type PersonCodec = {
  /** keys: whose pseudonym and key these are. Value: pseudonym, 16 bytes ‖ key, 32 bytes, or sealed. */
  readonly nameOf: (firmId: FirmId, investorId: InvestorId) => string
  readonly encodePerson: (person: Person) => Buffer
  readonly decodePerson: (bytes: Uint8Array) => Person
  readonly encodeKey: (person: Person) => Uint8Array
  readonly decodeKey: (pseudonym: Pseudonym, bytes: Uint8Array) => Uint8Array
}

export function personCodec(cipher: IdentifierCipher | null): PersonCodec {
  const encodeKey = ({ pseudonym, key }: Person): Uint8Array => (cipher === null ? key : cipher.seal(pseudonym, key))
  const decodeKey = (pseudonym: Pseudonym, bytes: Uint8Array): Uint8Array =>
    cipher === null ? bytes.subarray(0, keyLength) : cipher.open(pseudonym, bytes)
  return {
    nameOf: (firmId, investorId) => {
      const name = `${firmId}/${investorId}`
      return `${personPrefix}${cipher === null ? name : cipher.tokenOf(name)}`
    },
    encodePerson: (person) => Buffer.concat([Buffer.from(person.pseudonym, 'hex'), encodeKey(person)]),
    decodePerson: (bytes) => {
      const pseudonym = pseudonymAt(bytes)
      return { pseudonym, key: decodeKey(pseudonym, bytes.subarray(pseudonymLength)) }
    },
    encodeKey,
    decodeKey,
  }
}

/** As they lie where no cipher is used. */
export const { decodePerson } = personCodec(null)

/** An entry of the database under another cipher. Throws IdentifierError where it is not of the first. */
export function recoded(
  { key, value }: { readonly key: string; readonly value: Uint8Array },
  [from, to]: readonly [IdentifierCipher | null, IdentifierCipher | null],
): { readonly key: string; readonly value: Uint8Array } {
  const [before, after] = [personCodec(from), personCodec(to)]
  if (key.startsWith(personPrefix)) {
    const held = key.slice(personPrefix.length)
    const name = from === null ? held : from.textOf(held)
    const person = before.decodePerson(value)
    return {
      key: `${personPrefix}${to === null ? name : to.tokenOf(name)}`,
      value: after.encodePerson(person),
    }
  }
  const pseudonym = Pseudonym.parse(key.slice(keyOfPseudonym('' as Pseudonym).length))
  return { key, value: after.encodeKey({ pseudonym, key: before.decodeKey(pseudonym, value) }) }
}

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
