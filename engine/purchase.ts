import { localDate } from '../features/definitions/calendar.js'
import { holdingsOf } from '../features/definitions/holdings.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Digest } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorAccount, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type Step, stepsOf } from './confirmations.js'
import { type Costs, costsOf } from './costs.js'
import { type Coded } from './decision.js'
import { disclosuresFor } from './explanation/disclosures.js'
import { purchaseInputsOf, type PurchaseRequest } from './purchaseInputs.js'
import { productInputsOf, type PurchaseInputs, redeemedWithin, subjectOf } from './suitability/inputs.js'
import { type Pack } from './suitability/pack.js'
import { type Finding, referenceFor } from './suitability/reference.js'
import { rulesFor } from './suitability/rulesFor.js'

export { type PurchaseRequest }

/** What the rules say of a purchase that the investor asks for himself. */
export type Judgement = {
  readonly verdict: 'permit' | 'warn' | 'block'
  /** Why it is blocked; none otherwise. */
  readonly findings: readonly Finding[]
  /** What he is warned of; none but for `warn`. */
  readonly warnings: readonly Finding[]
  /** What he confirms, in this order, before he may buy; none but for `warn`. */
  readonly steps: readonly Step[]
}

/** A check: everything that an auditor needs beside the investor's inputs. */
export type PurchaseDecision = Judgement & {
  readonly v: 1
  readonly catalogue: Pick<Catalogue, 'revision' | 'knownBefore' | 'digest'>
  readonly packDigest: Digest
  readonly at: Instant
  /** From here on the check says nothing any more, confirmed or not. */
  readonly expiresAt: Instant
  readonly request: PurchaseRequest
  readonly purchase: PurchaseInputs
  readonly costs: Costs
  readonly disclosures: readonly Coded[]
}

/** What is no question that could be judged. */
export type PurchaseFault = 'unknown-product' | 'other-currency' | 'no-amount'

/**
 * Whether an investor may buy a product of his own accord, judged by the reference evaluator. Pure: equal arguments
 * give equal checks. It is no recommendation, and no confirmation makes one of it.
 */
export function checkPurchase(
  catalogue: Catalogue,
  pack: Pack,
  account: InvestorAccount,
  request: PurchaseRequest,
  at: Instant,
): PurchaseDecision | { readonly fault: PurchaseFault } {
  const product = catalogue.products[catalogue.ordinalOf.get(request.productId) ?? -1]
  if (product === undefined) return { fault: 'unknown-product' }
  const { amount } = request
  if (amount.currency !== product.currency) return { fault: 'other-currency' }
  if (amount.minor <= 0) return { fault: 'no-amount' }
  const { positions } = holdingsOf(account.trades)
  const purchase = purchaseInputsOf(account, positions, request, localDate(at, pack.timeZone), pack.timeZone)
  const { revision, knownBefore, digest } = catalogue
  return {
    v: 1,
    catalogue: { revision, knownBefore, digest },
    packDigest: pack.digest,
    at,
    expiresAt: at + pack.terms.confirmationMinutes * 60_000,
    request,
    purchase,
    ...judgePurchase(product, pack, account, purchase, at),
    costs: costsOf(product, amount, positions, catalogue, at, pack.timeZone),
    disclosures: [...disclosuresFor(product), ...boughtBack(product, account, pack, at)],
  }
}

/** The rules alone: what a recorded check is held against, from its sealed inputs. */
export function judgePurchase(
  product: Product,
  pack: Pack,
  investor: InvestorSnapshot,
  purchase: PurchaseInputs,
  at: Instant,
): Judgement {
  const reference = referenceFor(pack)
  const subject = subjectOf(investor, 'self-initiated', pack, at, purchase)
  const inputs = productInputsOf(product, pack.timeZone)
  const findings = reference.findings(inputs, subject)
  if (findings.length > 0) return { verdict: 'block', findings, warnings: [], steps: [] }
  const warnings = reference.warnings(inputs, subject)
  const steps = stepsOf(pack, rulesFor(pack, subject), warnings)
  return { verdict: warnings.length > 0 ? 'warn' : 'permit', findings, warnings, steps }
}

/** A word where he redeemed the same product within the pack's term: buying it back costs fees again. */
function boughtBack(product: Product, { behaviour }: InvestorSnapshot, pack: Pack, at: Instant): readonly Coded[] {
  const isRecent = redeemedWithin(behaviour, pack, at).includes(product.id)
  return isRecent ? [{ code: 'REDEEMED_LATELY', params: { days: pack.terms.churnDays } }] : []
}
