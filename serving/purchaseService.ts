import { type PurchaseFacts, type RecordedConfirmation } from '../audit/purchases.js'
import { type PurchaseCheckEntry } from '../audit/purchaseEntry.js'
import { type ConfirmationRefusal, type Dialogue, type Standing } from '../engine/confirmations.js'
import { type PurchaseDecision, type PurchaseFault, type PurchaseRequest } from '../engine/purchase.js'
import { type Pack } from '../engine/suitability/pack.js'
import { type Digest, type FirmId, type InvestorId, type PurchaseCheckId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type UnknownInvestor } from './service.js'

/** Purchases that investors ask for themselves. */
export type PurchaseService = {
  /** Judges, records durably, and only then resolves. Rejects with `Unavailable` where one of them cannot. */
  checkPurchase(asked: PurchaseAsked): Promise<PurchaseChecked | UnknownInvestor | { readonly fault: PurchaseFault }>
  /** The next step of a check's dialogue; judged again, and recorded, before it resolves. */
  confirmPurchase(asked: ConfirmationAsked): Promise<PurchaseConfirmed | UnknownInvestor | 'unknown-check' | 'erased'>
  /** Where a check stands now, judged anew: ask again before the order is carried out. Nothing is recorded. */
  purchaseStanding(firmId: FirmId, id: PurchaseCheckId): Promise<PurchaseStands | 'unknown-check' | 'erased'>
  purchaseCheck(firmId: FirmId, id: PurchaseCheckId): Promise<ShownPurchaseCheck | null>
}

export type PurchaseAsked = PurchaseRequest & { readonly firmId: FirmId; readonly investorId: InvestorId }

export type ConfirmationAsked = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly checkId: PurchaseCheckId
  readonly stepId: string
  readonly textDigest: Digest
}

/** A recorded check; `pack` has the words of its findings. */
export type PurchaseChecked = {
  readonly checkId: PurchaseCheckId
  readonly check: PurchaseDecision
  readonly standing: Standing
  readonly pack: Pack
}

/** `refused`: nothing changed, and nothing was recorded. `standing` is at `at`, afterwards. */
export type PurchaseConfirmed = {
  readonly refused: ConfirmationRefusal | null
  readonly dialogue: Dialogue
  readonly standing: Standing
  readonly at: Instant
}

/** `isChanged`: a fresh check would say otherwise, so that this one permits nothing any more. */
export type PurchaseStands = {
  readonly dialogue: Dialogue
  readonly standing: Standing
  readonly isChanged: boolean
}

export type ShownPurchaseCheck = {
  readonly checkId: PurchaseCheckId
  readonly ledgerIndex: number
  readonly entry: PurchaseCheckEntry
  /** The investor as he was read, and what was judged and shown, decrypted; `erased` where his key was destroyed. */
  readonly facts: PurchaseFacts | 'erased'
  readonly confirmations: readonly RecordedConfirmation[]
  /** From when on he might buy; null: never, or he was erased. */
  readonly permittedAt: Instant | null
}
