import { type Decision } from '../engine/decision.js'
import { type DecisionId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type IdentifierCipher } from '../storage/identifierCipher.js'
import { type SegmentOptions } from '../storage/segments.js'
import { encodeCanonical } from './canonical.js'
import { type Commitment, type Pseudonym } from './commitment.js'
import { type DecisionEntry, decisionOf, entryIdOf, entryOf, PersonalEntry, statementsOf, verdictOf } from './entry.js'
import { type DecisionInputs, partOf, type Parts, partsOf, type RequestContext, sealedOf } from './inputs.js'
import { type Ledger, type LedgerIndex, openLedger } from './ledger.js'
import { openPersons, type Persons } from './persons.js'

export type Whose = { readonly firmId: FirmId; readonly investorId: InvestorId; readonly decisionId: DecisionId }

/** A decision as recorded: its entry, and what lies with the person, or `erased`. */
export type Recorded = {
  readonly index: LedgerIndex
  readonly entry: DecisionEntry
  readonly inputs: DecisionInputs | 'erased'
  /** As decide() gave it; null where the person was erased, for his part of it is gone. */
  readonly decision: Decision | null
}

/** A personal entry other than a decision: all that is personal of it is one sealed part. */
export type SealedEntry = Exclude<PersonalEntry, DecisionEntry>

/** Ledger and persons together: what serving appends to, and the auditor reads. */
export type Record = {
  /** The person's part first, then the entry; both durable when resolved. If it rejects, nothing may be answered. */
  readonly append: (
    decision: Decision,
    investor: InvestorSnapshot,
    context: RequestContext,
    whose: Whose,
  ) => Promise<LedgerIndex>
  /** As `append`, of another entry: `facts` (canonical values only) are sealed, and the entry commits to them. */
  readonly appendSealed: (
    whose: Omit<Whose, 'decisionId'> & { readonly entryId: string },
    facts: object,
    entryOf: (committed: { readonly pseudonym: Pseudonym; readonly commitment: Commitment }) => SealedEntry,
  ) => Promise<LedgerIndex>
  /** The `facts` of such an entry; `erased` where its person was. */
  readonly factsOf: (entry: SealedEntry) => Promise<unknown>
  /** Why nothing can be recorded until both are opened again; null while it can. */
  readonly failure: () => Error | null
  /** Null where no such decision was recorded for the firm. */
  readonly read: (firmId: FirmId, decisionId: DecisionId) => Promise<Recorded | null>
  readonly erase: (firmId: FirmId, investorId: InvestorId) => Promise<boolean>
  readonly ledger: Ledger
  readonly persons: Persons
  readonly close: () => Promise<void>
}

/** Opens both below `dir`, for this process alone. */
export async function openRecord(
  ledgerDir: string,
  personsDir: string,
  options: SegmentOptions = {},
  cipher: IdentifierCipher | null = null,
): Promise<Record> {
  const ledger = await openLedger(ledgerDir, options)
  const persons = await openPersons(personsDir, options, cipher).catch(async (error: unknown) => {
    await ledger.close()
    throw error
  })
  return {
    append: async (decision, investor, context, { firmId, investorId, decisionId }) => {
      const sealed = {
        v: 1,
        inputs: { investor, context },
        verdict: verdictOf(decision),
        statements: statementsOf(decision),
      } as const
      const whose = { firmId, investorId, entryId: decisionId }
      const { pseudonym, commitments } = await persons.commit({ ...whose, parts: partsOf(sealed) })
      const { inputs, verdict, statements } = commitments
      const named = { inputsCommitment: inputs, verdictCommitment: verdict, statementsCommitment: statements }
      return ledger.append(entryOf(decision, { pseudonym, ...named, firmId, decisionId }))
    },
    appendSealed: async (whose, facts, entryOf) => {
      const parts = { facts: encodeCanonical(facts) }
      const { pseudonym, commitments } = await persons.commit({ ...whose, parts })
      return ledger.append(PersonalEntry.parse(entryOf({ pseudonym, commitment: commitments.facts })))
    },
    factsOf: async (entry) => {
      const parts = await partsIn(persons, entry)
      return parts === 'erased' ? parts : partOf(parts, 'facts')
    },
    failure: () => ledger.failure() ?? persons.failure(),
    read: async (firmId, decisionId) => {
      const found = await ledger.get(decisionId)
      if (found === null || found.entry.type !== 'decision' || found.entry.firmId !== firmId) return null
      const { index, entry } = found
      const parts = await partsIn(persons, entry)
      if (parts === 'erased') return { index, entry, inputs: 'erased', decision: null }
      const sealed = sealedOf(parts)
      return { index, entry, inputs: sealed.inputs, decision: decisionOf(entry, sealed) }
    },
    erase: persons.erase,
    ledger,
    persons,
    close: async () => {
      try {
        await ledger.close()
      } finally {
        await persons.close()
      }
    },
  }
}

/** What an entry sealed, or that its person was erased. Throws where it is lost though he was not. */
export async function partsIn(
  persons: Pick<Persons, 'partsOf' | 'keyOf'>,
  entry: PersonalEntry,
): Promise<Parts | 'erased'> {
  const entryId = entryIdOf(entry)
  const parts = await persons.partsOf(entryId)
  if (parts !== null) return parts
  if ((await persons.keyOf(entry.pseudonym)) === null) return 'erased'
  throw new Error(
    `the inputs of entry ${entryId} are lost, though its person was not erased; restore persons/ from a backup`,
  )
}
