import { Commitment, Pseudonym } from '../audit/commitment.js'
import { type PurchaseRecord, type RecordedCheck } from '../audit/purchases.js'
import { type InvestorId, type PurchaseCheckId } from '../features/schema/ids.js'

/** There is no ledger here, so nothing is committed to; the form alone is right. */
const nothing = {
  v: 1,
  pseudonym: Pseudonym.parse('0'.repeat(32)),
  commitment: Commitment.parse(`hmac-sha256:${'0'.repeat(64)}`),
} as const

/** Checks kept in memory; `forget` erases those of a person. */
export function memoryPurchases(): PurchaseRecord & { readonly forget: (investorId: InvestorId) => void } {
  const checks = new Map<PurchaseCheckId, RecordedCheck>()
  let size = 0
  return {
    append: (facts, { firmId, checkId }) => {
      const { catalogue, packDigest, at } = facts.check
      const entry = { ...nothing, type: 'purchase-check', checkId, firmId, catalogue, packDigest, at } as const
      checks.set(checkId, { index: size, entry, facts, confirmations: [] })
      return Promise.resolve(size++)
    },
    confirm: (recorded, _, { catalogue, packDigest, at }) => {
      const { checkId, firmId } = recorded.entry
      const place = recorded.confirmations.length + 1
      const type = 'purchase-confirmation' as const
      const entry = { ...nothing, type, checkId, place, firmId, catalogue, packDigest, at }
      const confirmations = [...recorded.confirmations, { index: size, entry }]
      checks.set(checkId, { ...recorded, confirmations })
      return Promise.resolve(size++)
    },
    read: (firmId, checkId) => {
      const found = checks.get(checkId)
      return Promise.resolve(found?.entry.firmId === firmId ? found : null)
    },
    forget: (investorId) => {
      for (const [checkId, kept] of checks)
        if (kept.facts !== 'erased' && kept.facts.investor.profile.id === investorId)
          checks.set(checkId, { ...kept, facts: 'erased' })
    },
  }
}
