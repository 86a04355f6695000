import { join } from 'node:path'
import { type Decision } from '../engine/decision.js'
import { type DecisionId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type SegmentOptions } from '../storage/segments.js'
import { type DecisionEntry, decisionOf, entryOf, statementsOf } from './entry.js'
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
    append: async (decision, investor, context, whose) => {
      const commitments = await persons.keep({
        ...whose,
        inputs: { investor, context },
        verdictDigest: decision.verdictDigest,
        statements: statementsOf(decision),
      })
      return ledger.append(entryOf(decision, { ...commitments, firmId: whose.firmId, decisionId: whose.decisionId }))
    },
    read: async (firmId, decisionId) => {
      const index = ledger.indexOf(decisionId)
      if (index === null) return null
      const entry = await ledger.byIndex(index)
      if (entry.firmId !== firmId) return null
      const sealed = persons.open(entry.pseudonym, decisionId)
      return sealed === 'erased'
        ? { index, entry, inputs: sealed, decision: null }
        : { index, entry, inputs: sealed.inputs, decision: decisionOf(entry, sealed) }
    },
    erase: (firmId, investorId) => persons.erase({ firmId, investorId }),
    ledger,
    persons,
    close: async () => {
      await ledger.close()
      await persons.close()
    },
  }
}
