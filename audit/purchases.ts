import { type Dialogue, type Step } from '../engine/confirmations.js'
import { type PurchaseDecision } from '../engine/purchase.js'
import { type FirmId, type InvestorId, type PurchaseCheckId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { encodeCanonical } from './canonical.js'
import { confirmationIdOf, type PurchaseCheckEntry, PurchaseConfirmationEntry } from './purchaseEntry.js'
import { type LedgerIndex } from './ledger.js'
import { type Record } from './record.js'
import { commitTo } from './sealing.js'

/** What is sealed of a check: the investor as he was read, and all that was judged and shown. */
export type PurchaseFacts = { readonly investor: InvestorSnapshot; readonly check: PurchaseDecision }

export type WhoseCheck = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly checkId: PurchaseCheckId
}

export type RecordedConfirmation = { readonly index: LedgerIndex; readonly entry: PurchaseConfirmationEntry }

/** A check as recorded, and what was confirmed of it, in its order. */
export type RecordedCheck = {
  readonly index: LedgerIndex
  readonly entry: PurchaseCheckEntry
  readonly facts: PurchaseFacts | 'erased'
  readonly confirmations: readonly RecordedConfirmation[]
}

/** Under what a step was judged again when it was confirmed. */
export type JudgedAgain = Pick<PurchaseDecision, 'catalogue' | 'packDigest' | 'at'>

/** The checks of a record. Each append is durable when it resolves; if it rejects, nothing may be answered. */
export type PurchaseRecord = {
  readonly append: (facts: PurchaseFacts, whose: WhoseCheck) => Promise<LedgerIndex>
  /** The next step of a check. Rejects where that step is recorded already, or the person was erased. */
  readonly confirm: (recorded: RecordedCheck, step: Step, judged: JudgedAgain) => Promise<LedgerIndex>
  /** Null where the firm has no such check. */
  readonly read: (firmId: FirmId, checkId: PurchaseCheckId) => Promise<RecordedCheck | null>
}

/** The state of a dialogue is what its entries come to: nothing else is kept of it. */
export const dialogueOf = (check: PurchaseDecision, confirmations: readonly RecordedConfirmation[]): Dialogue => {
  const { verdict, at, expiresAt, steps } = check
  return { verdict, at, expiresAt, steps, confirmedAt: confirmations.map(({ entry }) => entry.at) }
}

export function purchaseRecord({ ledger, persons, appendSealed, factsOf }: Record): PurchaseRecord {
  /** Of step and text: which step it was follows from the check, so that nothing has to be sealed. */
  const commitmentTo = async ({ entry }: RecordedCheck | { entry: PurchaseCheckEntry }, place: number, step: Step) => {
    const key = await persons.keyOf(entry.pseudonym)
    if (key === null) throw new Error(`check ${entry.checkId}: its person was erased, so nothing is confirmed any more`)
    const { stepId, textDigest } = step
    const shown = encodeCanonical({ stepId, textDigest })
    return commitTo(key, 'confirmation', confirmationIdOf(entry.checkId, place), shown)
  }

  const confirmationsOf = async (checkId: PurchaseCheckId): Promise<readonly RecordedConfirmation[]> => {
    const confirmations: RecordedConfirmation[] = []
    for (;;) {
      const found = await ledger.get(confirmationIdOf(checkId, confirmations.length + 1))
      if (found?.entry.type !== 'purchase-confirmation') return confirmations
      confirmations.push({ index: found.index, entry: found.entry })
    }
  }

  return {
    append: (facts, { firmId, investorId, checkId }) => {
      const { catalogue, packDigest, at } = facts.check
      const open = { v: 1, type: 'purchase-check', checkId, firmId, catalogue, packDigest, at } as const
      return appendSealed({ firmId, investorId, entryId: checkId }, facts, (committed) => ({ ...open, ...committed }))
    },
    confirm: async (recorded, step, { catalogue, packDigest, at }) => {
      const { checkId, firmId, pseudonym } = recorded.entry
      const place = recorded.confirmations.length + 1
      const commitment = await commitmentTo(recorded, place, step)
      const named = { v: 1, type: 'purchase-confirmation', checkId, place, firmId, pseudonym, commitment } as const
      return ledger.append(PurchaseConfirmationEntry.parse({ ...named, catalogue, packDigest, at }))
    },
    read: async (firmId, checkId) => {
      const found = await ledger.get(checkId)
      if (found?.entry.type !== 'purchase-check' || found.entry.firmId !== firmId) return null
      const { index, entry } = found
      const [facts, confirmations] = [(await factsOf(entry)) as RecordedCheck['facts'], await confirmationsOf(checkId)]
      if (facts !== 'erased')
        for (const [at, confirmation] of confirmations.entries()) {
          const step = facts.check.steps[at]
          if (step === undefined || (await commitmentTo({ entry }, at + 1, step)) !== confirmation.entry.commitment)
            throw new Error(`entry ${confirmation.index}: it does not confirm what check ${checkId} showed`)
        }
      return { index, entry, facts, confirmations }
    },
  }
}
