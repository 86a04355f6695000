import { type Finding } from '../engine/suitability/reference.js'
import { formatInstant } from '../features/schema/time.js'
import { type ShownPurchaseCheck } from '../serving/purchaseService.js'

/** A purchase check as recorded, for a risk officer. */
export function checkInWords({
  checkId,
  ledgerIndex,
  entry,
  facts,
  confirmations,
  permittedAt,
}: ShownPurchaseCheck): string {
  const steps = facts === 'erased' ? [] : facts.check.steps
  return [
    `${checkId}, entry ${ledgerIndex} of the ledger, ${formatInstant(entry.at)}, purchase check`,
    `catalogue revision ${entry.catalogue.revision}, ${entry.catalogue.digest}`,
    `rule pack ${entry.packDigest}`,
    `person ${entry.pseudonym}, facts ${entry.commitment}`,
    ...(facts === 'erased' ? ['facts: erased with the person’s key'] : factsInWords(facts)),
    ...confirmations.map(({ index, entry: { place, at } }) => {
      const step = steps[place - 1]
      const shown = step === undefined ? '' : ` ${step.stepId}, ${step.textDigest}`
      return `confirmed ${formatInstant(at)}, entry ${index}: step ${place}${shown}`
    }),
    ...(facts === 'erased'
      ? []
      : [permittedAt === null ? 'never permitted' : `permitted from ${formatInstant(permittedAt)}`]),
  ].join('\n')
}

function factsInWords({ investor, check }: Exclude<ShownPurchaseCheck['facts'], 'erased'>): readonly string[] {
  const { productId, amount } = check.request
  const rules = (findings: readonly Finding[]): string => findings.map(({ ruleId }) => ruleId).join(', ')
  return [
    `${productId} for ${amount.minor} minor units of ${amount.currency}`,
    check.verdict === 'block'
      ? `block: ${rules(check.findings)}`
      : `${check.verdict}: ${rules(check.warnings)}; expires ${formatInstant(check.expiresAt)}`,
    ...check.steps.map(({ stepId, messages }, place) => `step ${place + 1} ${stepId}: ${messages['zh-CN']}`),
    `inputs: ${JSON.stringify({ investor, purchase: check.purchase })}`,
  ]
}
