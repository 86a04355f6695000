import { randomBytes } from 'node:crypto'
import { dialogueOf, type PurchaseRecord, type RecordedCheck } from '../audit/purchases.js'
import { confirm, type Dialogue, standingOf, wantsTheSame } from '../engine/confirmations.js'
import { checkPurchase } from '../engine/purchase.js'
import { type Pack } from '../engine/suitability/pack.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type FirmId, type InvestorId, PurchaseCheckId } from '../features/schema/ids.js'
import { type InvestorAccount, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { withActivity } from './knownInvestor.js'
import { personLocks } from './personLocks.js'
import { type PurchaseService, type ShownPurchaseCheck } from './purchaseService.js'

export type PurchasePorts = {
  readonly record: PurchaseRecord
  /** As his firm sees him; null where nothing is known of him, or he is being erased. */
  readonly account: (firmId: FirmId, id: InvestorId) => Promise<InvestorAccount | null>
  /** What is judged by, all of one moment, which comes after `fact`. Throws `Unavailable` where nothing can be judged. */
  readonly present: (firmId: FirmId, fact?: Instant) => Present
  /** Beside his decisions and profiles, and never beside his erasure. */
  readonly shared: <T>(firmId: FirmId, id: InvestorId, work: () => Promise<T>) => Promise<T>
}
export type Present = { readonly at: Instant; readonly catalogue: Catalogue; readonly pack: Pack }

/** Purchase checks over a record: docs/decisions/0013-purchase-checks.md. */
export function purchaseChecks({ record, account, present, shared }: PurchasePorts): PurchaseService {
  /** A step reads the dialogue and then appends to it, so one at a time. */
  const dialogues = personLocks<PurchaseCheckId>()

  const check: PurchaseService['checkPurchase'] = async ({ firmId, investorId, productId, amount }) => {
    const found = await account(firmId, investorId)
    const { at, catalogue, pack } = present(firmId, found?.knownAt)
    if (found === null) return { unknownInvestor: investorId }
    const known = withActivity(found, pack, catalogue, at)
    const given = checkPurchase(catalogue, pack, known, { productId, amount }, at)
    if ('fault' in given) return given
    const checkId = PurchaseCheckId.parse(`p-${randomBytes(16).toString('hex')}`)
    await record.append({ investor: snapshotOf(known), check: given }, { firmId, investorId, checkId })
    return { checkId, check: given, standing: standingOf(dialogueOf(given, []), at), pack }
  }

  const confirmStep: PurchaseService['confirmPurchase'] = async (asked) => {
    const { firmId, investorId, checkId, stepId, textDigest } = asked
    const [recorded, found] = [await record.read(firmId, checkId), await account(firmId, investorId)]
    if (recorded === null) return 'unknown-check'
    const { facts } = recorded
    if (facts === 'erased') return 'erased'
    if (facts.investor.profile.id !== investorId) return 'unknown-check'
    if (found === null) return { unknownInvestor: investorId }
    const before = dialogueOf(facts.check, recorded.confirmations)
    const { at, catalogue, pack } = present(firmId, Math.max(found.knownAt, before.confirmedAt.at(-1) ?? before.at))
    const refused = (why: NonNullable<Refused>) => ({
      refused: why,
      dialogue: before,
      standing: standingOf(before, at),
      at,
    })
    const given = confirm(before, { stepId, textDigest, at })
    if ('refused' in given) return refused(given.refused)
    const known = withActivity(found, pack, catalogue, at)
    const fresh = checkPurchase(catalogue, pack, known, facts.check.request, at)
    if ('fault' in fresh || !wantsTheSame(facts.check, fresh)) return refused('changed')
    const step = before.steps[before.confirmedAt.length]
    if (step === undefined) throw new Error('a dialogue took a step that it does not have')
    await record.confirm(recorded, step, fresh)
    return { refused: null, dialogue: given.dialogue, standing: standingOf(given.dialogue, at), at }
  }

  const standing: PurchaseService['purchaseStanding'] = async (firmId, checkId) => {
    const recorded = await record.read(firmId, checkId)
    if (recorded === null) return 'unknown-check'
    const { facts } = recorded
    if (facts === 'erased') return 'erased'
    const found = await account(firmId, facts.investor.profile.id)
    if (found === null) return 'erased'
    const dialogue = dialogueOf(facts.check, recorded.confirmations)
    const { at, catalogue, pack } = present(firmId, Math.max(found.knownAt, dialogue.confirmedAt.at(-1) ?? dialogue.at))
    const fresh = checkPurchase(catalogue, pack, withActivity(found, pack, catalogue, at), facts.check.request, at)
    const isChanged = 'fault' in fresh || !wantsTheSame(facts.check, fresh)
    return { dialogue, standing: standingOf(dialogue, at), isChanged }
  }

  return {
    purchaseStanding: standing,
    checkPurchase: (asked) => shared(asked.firmId, asked.investorId, () => check(asked)),
    confirmPurchase: (asked) =>
      shared(asked.firmId, asked.investorId, () => dialogues.exclusive(asked.checkId, () => confirmStep(asked))),
    purchaseCheck: async (firmId, checkId) => {
      const recorded = await record.read(firmId, checkId)
      return recorded === null ? null : shownOf(checkId, recorded)
    },
  }
}

type Refused = Extract<Awaited<ReturnType<PurchaseService['confirmPurchase']>>, { refused: unknown }>['refused']

/** What he traded is not sealed: what the rules read of it stands in the check. */
const snapshotOf = ({ trades: _, daily: __, ...snapshot }: InvestorAccount): InvestorSnapshot => snapshot

function shownOf(checkId: PurchaseCheckId, { index, entry, facts, confirmations }: RecordedCheck): ShownPurchaseCheck {
  const dialogue = facts === 'erased' ? null : dialogueOf(facts.check, confirmations)
  return {
    checkId,
    ledgerIndex: index,
    entry,
    facts,
    confirmations,
    permittedAt: dialogue === null ? null : permittedAt(dialogue),
  }
}

const permittedAt = ({ verdict, at, steps, confirmedAt }: Dialogue): Instant | null =>
  verdict === 'block' || confirmedAt.length < steps.length ? null : (confirmedAt.at(-1) ?? at)
