import { randomBytes } from 'node:crypto'
import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type RewritableLmdb } from '../storage/rewritableLmdb.js'
import { type Commitment, Pseudonym } from './commitment.js'
import { joinParts, type Parts } from './inputs.js'
import { keyOfPseudonym, type Person, type PersonCodec, type SealedRecord } from './personKeys.js'
import { type SealedLog } from './sealedLog.js'
import { cipherKeyOf, commitTo, keyLength, seal } from './sealing.js'
import { type Settled } from './turns.js'

/** What of an entry is its person's, by parts, and whose it is. */
export type PersonEntry<Name extends string = string> = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly entryId: string
  readonly parts: Parts<Name>
}

/** What the entry takes over: a commitment to each of the parts. */
export type Committed<Name extends string = string> = {
  readonly pseudonym: Pseudonym
  readonly commitments: Readonly<Record<Name, Commitment>>
}

/**
 * duplicate: parts of that entry are kept already; failed: a write failed, open the store again; damaged: what was kept
 * does not open with its person's key.
 */
export class PersonsError extends Error {
  constructor(
    readonly code: 'duplicate' | 'failed' | 'damaged',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'PersonsError'
  }
}

type Prepared = { readonly committed: Committed; readonly record: SealedRecord }

/** A person with the key that encrypts, which takes longer to derive than all the rest of an entry's sealing. */
type Keyed = Person & { readonly cipherKey: Uint8Array }
const keyed = (person: Person): Keyed => ({ ...person, cipherKey: cipherKeyOf(person.key) })

/** How many persons' keys are kept at hand: 100 bytes or so each. */
const personsAtHand = 10_000

const newPerson = (): Person => ({
  pseudonym: Pseudonym.parse(randomBytes(16).toString('hex')),
  key: randomBytes(keyLength),
})

const committedOf = ({ pseudonym, key }: Person, entryId: string, parts: Parts): Committed => ({
  pseudonym,
  commitments: Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [name, commitTo(key, name, entryId, bytes)]),
  ),
})

/** Writes a group of entries' parts: new persons first, durably, then parts; two fdatasyncs at most for all of them. */
export const personWriter = (keys: RewritableLmdb, log: SealedLog, codec: PersonCodec) => {
  let broken: PersonsError | null = null
  const atHand = new Map<string, Keyed>()

  const known = (name: string): Keyed | null => {
    const found = atHand.get(name)
    if (found !== undefined) return found
    const stored = keys.current().get(name)
    return stored === undefined ? null : keep(name, keyed(codec.decodePerson(stored)))
  }

  const keep = (name: string, person: Keyed): Keyed => {
    const [oldest] = atHand.keys()
    if (atHand.size >= personsAtHand && oldest !== undefined) atHand.delete(oldest)
    atHand.set(name, person)
    return person
  }

  const prepare = (entry: PersonEntry, fresh: Map<string, Keyed>, taken: Set<string>): Prepared => {
    const { firmId, investorId, entryId, parts } = entry
    if (taken.has(entryId) || log.has(entryId))
      throw new PersonsError('duplicate', `inputs of entry ${entryId} are kept already: give a new id`)
    const name = codec.nameOf(firmId, investorId)
    const stored = known(name)
    const person = stored ?? fresh.get(name) ?? keyed(newPerson())
    if (stored === null) fresh.set(name, person)
    taken.add(entryId)
    return {
      committed: committedOf(person, entryId, parts),
      record: { pseudonym: person.pseudonym, entryId, sealed: seal(person.cipherKey, entryId, joinParts(parts)) },
    }
  }

  const store = async (fresh: ReadonlyMap<string, Keyed>, prepared: readonly Prepared[]): Promise<void> => {
    if (fresh.size > 0) {
      await keys.current().transact(({ put }) => {
        for (const [name, person] of fresh) {
          put(name, codec.encodePerson(person))
          put(keyOfPseudonym(person.pseudonym), codec.encodeKey(person))
        }
      })
      for (const [name, person] of fresh) keep(name, person)
    }
    await Promise.all(prepared.map(({ record }) => log.append(record)))
  }

  const write = async (group: readonly PersonEntry[]): Promise<readonly Settled<Committed>[]> => {
    if (broken !== null) throw broken
    const fresh = new Map<string, Keyed>()
    const taken = new Set<string>()
    const prepared = group.map((entry): Prepared | Error => {
      try {
        return prepare(entry, fresh, taken)
      } catch (error) {
        return error as Error
      }
    })
    try {
      await store(
        fresh,
        prepared.filter((each): each is Prepared => 'record' in each),
      )
    } catch (cause) {
      broken = new PersonsError('failed', 'persons: writing failed. Check the disk, then start again', { cause })
      throw broken
    }
    return prepared.map((each) => ('record' in each ? { value: each.committed } : { error: each }))
  }

  return {
    write,
    failure: (): PersonsError | null => broken,
    /** Of an erased person, whose key must be found nowhere. */
    forget: (name: string): void => void atHand.delete(name),
  }
}
