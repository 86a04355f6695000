import { randomBytes } from 'node:crypto'
import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type RewritableLmdb } from '../storage/rewritableLmdb.js'
import { type Commitment, Pseudonym } from './commitment.js'
import { joinParts, type Parts } from './inputs.js'
import {
  decodePerson,
  encodePerson,
  joinSealed,
  keyOfPerson,
  keyOfPseudonym,
  keyOfSealed,
  ownedPrefix,
  type Person,
} from './personKeys.js'
import { commitTo, keyLength, seal } from './sealing.js'
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

/** duplicate: parts of that entry are kept already; failed: a write failed, open the store again. */
export class PersonsError extends Error {
  constructor(
    readonly code: 'duplicate' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'PersonsError'
  }
}

type Prepared = { readonly committed: Committed; readonly entryId: string; readonly stored: Buffer }

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
export const personWriter = (keys: RewritableLmdb, inputs: RewritableLmdb) => {
  let broken: PersonsError | null = null

  const prepare = (entry: PersonEntry, fresh: Map<string, Person>, taken: Set<string>): Prepared => {
    const { firmId, investorId, entryId, parts } = entry
    if (taken.has(entryId) || inputs.current().get(keyOfSealed(entryId)) !== undefined)
      throw new PersonsError('duplicate', `inputs of entry ${entryId} are kept already: give a new id`)
    const name = keyOfPerson(firmId, investorId)
    const stored = keys.current().get(name)
    const person = stored === undefined ? (fresh.get(name) ?? newPerson()) : decodePerson(stored)
    if (stored === undefined) fresh.set(name, person)
    taken.add(entryId)
    return {
      committed: committedOf(person, entryId, parts),
      entryId,
      stored: joinSealed(person.pseudonym, seal(person.key, entryId, joinParts(parts))),
    }
  }

  const store = async (fresh: ReadonlyMap<string, Person>, prepared: readonly Prepared[]): Promise<void> => {
    if (fresh.size > 0)
      await keys.current().transact(({ put }) => {
        for (const [name, person] of fresh) {
          put(name, encodePerson(person))
          put(keyOfPseudonym(person.pseudonym), person.key)
        }
      })
    await inputs.current().transact(({ put }) => {
      for (const { committed, entryId, stored } of prepared) {
        put(keyOfSealed(entryId), stored)
        put(`${ownedPrefix(committed.pseudonym)}${entryId}`, Uint8Array.of(1))
      }
    })
  }

  const write = async (group: readonly PersonEntry[]): Promise<readonly Settled<Committed>[]> => {
    if (broken !== null) throw broken
    const fresh = new Map<string, Person>()
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
        prepared.filter((each): each is Prepared => 'stored' in each),
      )
    } catch (cause) {
      broken = new PersonsError('failed', 'persons: writing failed. Check the disk, then start again', { cause })
      throw broken
    }
    return prepared.map((each) => ('stored' in each ? { value: each.committed } : { error: each }))
  }
  return { write, failure: (): PersonsError | null => broken }
}
