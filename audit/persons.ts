import { randomBytes } from 'node:crypto'
import { type Digest, type DecisionId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { openRewritableLmdb } from '../storage/rewritableLmdb.js'
import { type LmdbTransaction } from '../storage/lmdb.js'
import { decodeCanonical, encodeCanonical } from './canonical.js'
import { type Commitments, Pseudonym } from './entry.js'
import { type DecisionInputs, type SealedInputs, type Statements } from './inputs.js'
import { commitTo, keyLength, seal, unseal } from './sealing.js'
import { turns } from './turns.js'

export type Person = { readonly firmId: FirmId; readonly investorId: InvestorId }

/** What one decision leaves with the person. */
export type Kept = Person & {
  readonly decisionId: DecisionId
  readonly inputs: DecisionInputs
  readonly verdictDigest: Digest | null
  readonly statements: Statements
}

/**
 * The erasable store of the ledger: of each person a random pseudonym and a random key, and the inputs of each decision
 * encrypted under it. The ledger itself names pseudonyms and commitments alone; with the key gone they say nothing.
 */
export type Persons = {
  /** Makes pseudonym and key at a person's first decision, keeps the inputs; durable when resolved. */
  readonly keep: (kept: Kept) => Promise<Commitments>
  /** The inputs of a decision; `erased` where the person's key was destroyed. Throws where the bytes were changed. */
  readonly open: (pseudonym: Pseudonym, decisionId: DecisionId) => SealedInputs | 'erased'
  /** The pseudonym of a person; null before his first decision and after his erasure. */
  readonly pseudonymOf: (person: Person) => Pseudonym | null
  /** Destroys key, mapping and inputs, and writes the store anew without them. False where nothing was kept. */
  readonly erase: (person: Person) => Promise<boolean>
  readonly close: () => Promise<void>
}

type Secret = { readonly pseudonym: Pseudonym; readonly key: Uint8Array }

// "|" occurs in no id, so that no two of these can be the same key.
const personKey = ({ firmId, investorId }: Person): string => `p|${firmId}|${investorId}`
const secretKey = (pseudonym: Pseudonym): string => `k|${pseudonym}`
const inputsKey = (pseudonym: Pseudonym, decisionId: DecisionId): string => `i|${pseudonym}|${decisionId}`

export async function openPersons(dir: string): Promise<Persons> {
  const database = await openRewritableLmdb(dir)
  const pseudonymOf = (person: Person): Pseudonym | null => {
    const bytes = database.current().get(personKey(person))
    return bytes === undefined ? null : Pseudonym.parse(new TextDecoder().decode(bytes))
  }
  const work = turns<Encoded, Commitments>((items) =>
    database.current().transact((transaction) => items.map((kept) => keepOne(transaction, kept))),
  )
  return {
    // Encoded here, so that one decision that cannot be does not undo the others of its group.
    keep: async (kept) => work.join({ ...kept, plain: encodeCanonical(sealedInputsOf(kept)) }),
    pseudonymOf,
    open: (pseudonym, decisionId) => {
      const key = database.current().get(secretKey(pseudonym))
      const sealed = database.current().get(inputsKey(pseudonym, decisionId))
      if (key === undefined || sealed === undefined) return 'erased'
      return decodeCanonical(unseal(key, decisionId, sealed)) as SealedInputs
    },
    erase: (person) =>
      work.alone(async () => {
        const pseudonym = pseudonymOf(person)
        if (pseudonym === null) return false
        await database.current().transact((transaction) => forget(transaction, person, pseudonym, inputsOf(pseudonym)))
        await database.rewrite()
        return true
      }),
    close: () => work.alone(database.close),
  }

  function inputsOf(pseudonym: Pseudonym): readonly string[] {
    const prefix = `i|${pseudonym}|`
    const found: string[] = []
    for (const { key } of database.current().entries(prefix)) {
      if (!key.startsWith(prefix)) break
      found.push(key)
    }
    return found
  }
}

type Encoded = Kept & { readonly plain: Uint8Array }

const sealedInputsOf = ({ inputs, verdictDigest, statements }: Kept): SealedInputs => ({
  v: 1,
  inputs,
  verdictDigest,
  statements,
})

function keepOne(transaction: LmdbTransaction, kept: Encoded): Commitments {
  const { pseudonym, key } = secretOf(transaction, kept)
  const { decisionId, inputs, verdictDigest, statements, plain } = kept
  transaction.put(inputsKey(pseudonym, decisionId), seal(key, decisionId, plain))
  return {
    pseudonym,
    inputsCommitment: commitTo(key, 'inputs', decisionId, inputs),
    verdictCommitment: commitTo(key, 'verdict', decisionId, verdictDigest),
    statementsCommitment: commitTo(key, 'statements', decisionId, statements),
  }
}

function secretOf(transaction: LmdbTransaction, person: Person): Secret {
  const known = transaction.get(personKey(person))
  if (known !== undefined) {
    const pseudonym = Pseudonym.parse(new TextDecoder().decode(known))
    const key = transaction.get(secretKey(pseudonym))
    if (key?.length !== keyLength)
      throw new Error('persons: a key is missing or damaged; restore the store from a backup')
    return { pseudonym, key }
  }
  const pseudonym = Pseudonym.parse(randomBytes(16).toString('hex'))
  const key = randomBytes(keyLength)
  transaction.put(personKey(person), new TextEncoder().encode(pseudonym))
  transaction.put(secretKey(pseudonym), key)
  return { pseudonym, key }
}

function forget(transaction: LmdbTransaction, person: Person, pseudonym: Pseudonym, inputs: readonly string[]): void {
  for (const key of [personKey(person), secretKey(pseudonym), ...inputs]) transaction.remove(key)
}
