import { Command } from 'commander'
import { AssessmentId, ClassChangeId, DecisionId, PurchaseCheckId } from '../../features/schema/ids.js'
import { formatInstant } from '../../features/schema/time.js'
import { type ShownDecision } from '../../serving/audit/auditService.js'
import { sealedInWords } from '../investorRecords.js'
import { withService } from '../open.js'
import { Failure, print } from '../output.js'
import { checkInWords } from '../purchaseChecks.js'
import { idOf, type Options, withFirm } from './options.js'
import { readBy } from '../operator.js'

/**
 * A decision, a purchase check with its confirmations (whose ids are the check's and a number), an assessment, or a
 * change of class.
 */
async function show(text: string, { data, json, firm }: Options): Promise<void> {
  const id = idOf(DecisionId, text, 'decision')
  const checkId = PurchaseCheckId.parse(id.replace(/\.\d+$/, ''))
  const [decision, check, assessment, change] = await withService(data, async (service) => {
    const found = [
      await service.audit.decision(firm, id),
      await service.purchaseCheck(firm, checkId),
      await service.assessment(firm, AssessmentId.parse(id)),
      await service.classChange(firm, ClassChangeId.parse(id)),
    ] as const
    await service.privacy.reads.ofEntry(readBy(firm, 'audit show'), found[1] === null ? id : checkId)
    return found
  })
  const sealed = assessment ?? change
  if (decision !== null) print(json, decision, () => shownInWords(decision))
  else if (check !== null) print(json, check, () => checkInWords(check))
  else if (sealed !== null) print(json, sealed, () => sealedInWords(sealed))
  else
    throw new Failure(
      `no decision ${id} was recorded for firm ${firm}, nor a purchase check, assessment or change of class of that id`,
    )
}

const shownInWords = ({ decisionId, ledgerIndex, entry, verdict, inputs }: ShownDecision): string =>
  [
    `${decisionId}, entry ${ledgerIndex} of the ledger, ${formatInstant(entry.at)}, ${entry.mode}`,
    `release ${entry.release}`,
    `catalogue revision ${entry.catalogue.revision}, ${entry.catalogue.digest}`,
    `rule pack ${entry.packDigest}`,
    `person ${entry.pseudonym}, inputs ${entry.inputsCommitment}`,
    verdict === 'erased' ? 'verdicts: erased with the person’s key' : verdictInWords(verdict),
    entry.outcome.kind === 'refusal'
      ? `refused: ${entry.outcome.refusal} (${entry.outcome.ruleId ?? ''})`
      : `${entry.outcome.kind}: ${entry.outcome.slate.map((item) => `${item.rank}. ${item.productId} ${item.riskLevel}`).join(', ')}`,
    inputs === 'erased' ? 'inputs: erased with the person’s key' : `inputs: ${JSON.stringify(inputs)}`,
  ].join('\n')

const verdictInWords = ({ withheld, nominated }: Exclude<ShownDecision['verdict'], 'erased'>): string => {
  const rules = Object.entries(withheld.byRule).map(([rule, count]) => `${rule} ${count}`)
  return `withheld ${withheld.total}: ${rules.join(', ')}; nominated ${nominated.length}`
}

export const showCommand = (): Command =>
  withFirm(new Command('show').argument('<id>', 'its id').description('a recorded decision, or purchase check')).action(
    show,
  )
