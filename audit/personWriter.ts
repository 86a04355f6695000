import { randomBytes } from 'node:crypto'
import { type DecisionId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type RewritableLmdb } from '../storage/rewritableLmdb.js'
import { type Commitments, Pseudonym } from './entry.js'
import { joinParts, partsOf, type SealedInputs, type SealedParts } from './inputs.js'
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

/** A decision's inputs and whose they are. */
export type PersonDecision = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly decisionId: DecisionId
  readonly sealed: SealedInputs
}

/** duplicate: inputs of that decision are kept already; failed: a write failed, open the store again. */
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

type Prepared = { readonly commitments: Commitments; readonly decisionId: DecisionId; readonly stored: Buffer }

const newPerson = (): Person => ({
  pseudonym: Pseudonym.parse(randomBytes(16).toString('hex')),
  key: randomBytes(keyLength),
})

const commitmentsOf = ({ pseudonym, key }: Person, decisionId: DecisionId, parts: SealedParts): Commitments => ({
  pseudonym,
  inputsCommitment: commitTo(key, 'inputs', decisionId, parts.inputs),
  verdictCommitment: commitTo(key, 'verdict', decisionId, parts.verdict),
  statementsCommitment: commitTo(key, 'statements', decisionId, parts.statements),
})

/** Writes a group of decisions: new persons first, durably, then inputs; two fdatasyncs at most for all of them. */
export const personWriter = (keys: RewritableLmdb, inputs: RewritableLmdb) => {
  let broken: PersonsError | null = null

  const prepare = (decision: PersonDecision, fresh: Map<string, Person>, taken: Set<string>): Prepared => {
    const { firmId, investorId, decisionId, sealed } = decision
    if (taken.has(decisionId) || inputs.current().get(keyOfSealed(decisionId)) !== undefined)
      throw new PersonsError('duplicate', `inputs of decision ${decisionId} are kept already: give a new id`)
    const parts = partsOf(sealed)
    const name = keyOfPerson(firmId, investorId)
    const stored = keys.current().get(name)
    const person = stored === undefined ? (fresh.get(name) ?? newPerson()) : decodePerson(stored)
    if (stored === undefined) fresh.set(name, person)
    taken.add(decisionId)
    const commitments = commitmentsOf(person, decisionId, parts)
    return {
      commitments,
      decisionId,
      stored: joinSealed(person.pseudonym, seal(person.key, decisionId, joinParts(parts))),
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
      for (const { commitments, decisionId, stored } of prepared) {
        put(keyOfSealed(decisionId), stored)
        put(`${ownedPrefix(commitments.pseudonym)}${decisionId}`, Uint8Array.of(1))
      }
    })
  }

  const write = async (group: readonly PersonDecision[]): Promise<readonly Settled<Commitments>[]> => {
    if (broken !== null) throw broken
    const fresh = new Map<string, Person>()
    const taken = new Set<string>()
    const prepared = group.map((decision): Prepared | Error => {
      try {
        return prepare(decision, fresh, taken)
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
    return prepared.map((each) => ('stored' in each ? { value: each.commitments } : { error: each }))
  }
  return { write, failure: (): PersonsError | null => broken }
}
