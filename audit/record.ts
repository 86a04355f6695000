import { join } from 'node:path'
import { type Decision } from '../engine/decision.js'
import { type DecisionId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type SegmentOptions } from '../storage/segments.js'
import { type DecisionEntry, decisionOf, entryOf, statementsOf, verdictOf } from './entry.js'
import { type DecisionInputs, type RequestContext } from './inputs.js'
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

/** Ledger and persons together: what serving appends to, and the auditor reads. */
export type Record = {
  /** The person's part first, then the entry; both durable when resolved. If it rejects, nothing may be answered. */
  readonly append: (
    decision: Decision,
    investor: InvestorSnapshot,
    context: RequestContext,
    whose: Whose,
  ) => Promise<LedgerIndex>
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
export async function openRecord(ledgerDir: string, personsDir: string, options: SegmentOptions = {}): Promise<Record> {
  const ledger = await openLedger(ledgerDir, options)
  const persons = await openPersons(join(personsDir)).catch(async (error: unknown) => {
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
      const commitments = await persons.commit({ firmId, investorId, decisionId, sealed })
      return ledger.append(entryOf(decision, { ...commitments, firmId, decisionId }))
    },
    failure: () => ledger.failure() ?? persons.failure(),
    read: async (firmId, decisionId) => {
      const found = await ledger.get(decisionId)
      if (found === null || found.entry.firmId !== firmId) return null
      const { index, entry } = found
      const sealed = await persons.inputsOf(decisionId)
      if (sealed !== null) return { index, entry, inputs: sealed.inputs, decision: decisionOf(entry, sealed) }
      if ((await persons.keyOf(entry.pseudonym)) !== null)
        throw new Error(
          `the inputs of decision ${decisionId} are lost, though its person was not erased; restore persons/ from a backup`,
        )
      return { index, entry, inputs: 'erased', decision: null }
    },
    erase: async (firmId, investorId) => {
      const known = (await persons.pseudonymOf(firmId, investorId)) !== null
      await persons.erase(firmId, investorId)
      return known
    },
    ledger,
    persons,
    close: async () => {
      await ledger.close()
      await persons.close()
    },
  }
}
