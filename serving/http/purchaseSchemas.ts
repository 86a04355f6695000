import { z } from 'zod'
import { PurchaseCheckEntry, PurchaseConfirmationEntry } from '../../audit/purchaseEntry.js'
import { refusalCodes } from '../../engine/decision.js'
import { Digest, InvestorId, ProductId, PurchaseCheckId } from '../../features/schema/ids.js'
import { Currency, Money } from '../../features/schema/money.js'
import { RedemptionTier } from '../../features/schema/product.js'
import { InstantText } from '../../features/schema/time.js'
import { Finding, Problem, Statement } from './schemas.js'

/** Requests and answers of purchase checks, as JSON has them. */
const count = z.int().min(0)
const bps = z.int().nullable()
const stepId = z.string().min(1).max(40)

export const PurchaseCheckPath = z.strictObject({ id: PurchaseCheckId })

export const PurchaseCheckRequest = z.strictObject({
  investorId: InvestorId,
  productId: ProductId,
  /** In the product's currency. */
  amount: z.strictObject({ minor: z.int().min(1), currency: Currency }),
})

/** Whose check it is, so that it is found to be his; the step, and the digest of the text that he was shown. */
export const ConfirmationRequest = z.strictObject({ investorId: InvestorId, stepId, textDigest: Digest })

/** `refusal`: that of a recommendation for the same reason; null where the rule is about the product too. */
export const PurchaseFinding = Finding.extend({ refusal: z.enum(refusalCodes).nullable() })

/** What the investor is shown, word for word, and confirms; `waitSeconds` since the step before, or the check. */
export const PurchaseStep = z.strictObject({ stepId, text: z.string(), textDigest: Digest, waitSeconds: count })
/** `notBefore`: a confirmation before then is refused. */
export const NextStep = z.strictObject({ stepId, textDigest: Digest, notBefore: InstantText })
export const DialogueState = z.enum(['blocked', 'open', 'permitted', 'expired'])

export const PurchaseCosts = z.strictObject({
  /** `atMost`: amount times rate, rounded up. */
  purchase: z.strictObject({ feeBps: bps, atMost: Money.nullable() }),
  redemptionTiers: z.array(RedemptionTier),
  /** Of his other positions: the fee of redeeming, oldest lots first, as much as this purchase takes, at cost. */
  switching: z.array(
    z.strictObject({ productId: ProductId, redeemed: Money, fee: Money.nullable(), heldDays: z.int(), feeBps: bps }),
  ),
})

const standing = { state: DialogueState, next: NextStep.nullable(), expiresAt: InstantText }

/** `permitted` with verdict warn only once every step was confirmed, in its order, before `expiresAt`. */
export const PurchaseCheckAnswer = z.strictObject({
  checkId: PurchaseCheckId,
  at: InstantText,
  productId: ProductId,
  amount: Money,
  verdict: z.enum(['permit', 'warn', 'block']),
  ...standing,
  findings: z.array(PurchaseFinding),
  warnings: z.array(PurchaseFinding),
  steps: z.array(PurchaseStep),
  costs: PurchaseCosts,
  disclosures: z.array(Statement),
})

export const ConfirmationAnswer = z.strictObject({
  checkId: PurchaseCheckId,
  ...standing,
  confirmed: z.array(z.strictObject({ stepId, at: InstantText })),
})

/** `changed`: a fresh check would say otherwise, so that nothing is permitted by this one. */
export const StandingAnswer = z.strictObject({
  ...ConfirmationAnswer.shape,
  state: z.enum([...ConfirmationAnswer.shape.state.options, 'changed']),
})

/** Nothing changed and nothing was recorded; where the dialogue stands. */
export const ConfirmationRefused = z.strictObject({ ...Problem.shape, ...ConfirmationAnswer.shape })
/** 409 of a confirmation: refused, or an Idempotency-Key that stands for another body. */
export const RefusedOrReusedKey = z.union([ConfirmationRefused, Problem])

/** Entries as they were hashed, instants in ms UTC; `facts`: the investor, the check and what was shown, or "erased". */
export const PurchaseCheckShown = z.strictObject({
  checkId: PurchaseCheckId,
  ledgerIndex: count,
  entry: PurchaseCheckEntry,
  facts: z.unknown(),
  confirmations: z.array(z.strictObject({ ledgerIndex: count, entry: PurchaseConfirmationEntry })),
  /** From when on he might buy; null: never, or he was erased. */
  permittedAt: InstantText.nullable(),
})
