import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { join } from 'node:path'
import { logFolder } from '../audit/ledger.js'
import { verifyLog } from '../audit/verify.js'
import {
  AssessmentId,
  ClassChangeId,
  DecisionId,
  type FirmId,
  ProductId,
  PurchaseCheckId,
} from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { folders } from '../serving/home.js'
import { defaultFirm } from '../serving/investorKey.js'
import { type ShownDecision, type Why } from '../serving/service.js'
import { withService } from './open.js'
import { sealedInWords } from './investorRecords.js'
import { checkInWords } from './purchaseChecks.js'
import { type Common, firm as firmOption, withCommon } from './options.js'
import { Failure, print, progress, UsageError } from './output.js'

type Options = Common & { readonly firm: FirmId }

const withFirm = (command: Command): Command =>
  withCommon(command).option('--firm <id>', 'whose decision', firmOption, defaultFirm)

function idOf<T>(
  schema: { safeParse(text: string): { success: true; data: T } | { success: false } },
  text: string,
  what: string,
): T {
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw new UsageError(`"${text}" is no ${what} id`)
  return parsed.data
}

async function verify({ data, json }: Common): Promise<void> {
  const dir = join(data, folders.ledger, logFolder)
  if (!existsSync(dir))
    throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
  const bar = progress()
  const verification = await verifyLog(dir, (done, total) => bar.update('segments', done, total)).finally(bar.stop)
  print(
    json,
    verification,
    () => `${verification.entries} entries in ${verification.segments} segments hold; chain ${verification.head}`,
  )
  const [fault] = verification.faults
  if (fault !== undefined)
    throw new Failure(
      `the ledger is damaged: ${fault.segment} offset ${fault.offset}, entry ${fault.index}: ${fault.what}. Nothing was changed; restore the segment from a backup`,
    )
}

/**
 * A decision, a purchase check with its confirmations (whose ids are the check's and a number), an assessment, or a
 * change of class.
 */
async function show(text: string, { data, json, firm }: Options): Promise<void> {
  const id = idOf(DecisionId, text, 'decision')
  const checkId = PurchaseCheckId.parse(id.replace(/\.\d+$/, ''))
  const [decision, check, assessment, change] = await withService(data, async (service) => [
    await service.decision(firm, id),
    await service.purchaseCheck(firm, checkId),
    await service.assessment(firm, AssessmentId.parse(id)),
    await service.classChange(firm, ClassChangeId.parse(id)),
  ])
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

async function why(decision: string, product: string, { data, json, firm }: Options): Promise<void> {
  const id = idOf(DecisionId, decision, 'decision')
  const productId = idOf(ProductId, product, 'product')
  const found = await withService(data, async (service) => {
    if ((await service.decision(firm, id)) === null)
      throw new Failure(`no decision ${id} was recorded for firm ${firm}`)
    return service.why(firm, id, productId, 'en')
  })
  if (found === null) throw new Failure(`the catalogue of decision ${id} had no product ${productId}`)
  if (found === 'erased')
    throw new Failure(`the inputs of decision ${id} were erased with the person; the entry stands and verifies`)
  print(json, found, () => whyInWords(found))
}

const whyInWords = ({ productId, summary, findings }: Why): string =>
  [
    `${productId}: ${summary}`,
    ...findings.flatMap(({ ruleId, text, source, remedy }) => [
      `  ${ruleId}: ${text} [${source}]`,
      ...(remedy === null ? [] : [`    ${remedy}`]),
    ]),
  ].join('\n')

export function auditCommand(): Command {
  return new Command('audit')
    .description('the decision ledger')
    .addCommand(
      withCommon(
        new Command('verify').description('checks every byte; exits 1 at the first fault, repairs nothing'),
      ).action(verify),
    )
    .addCommand(
      withFirm(
        new Command('show').argument('<id>', 'its id').description('a recorded decision, or purchase check'),
      ).action(show),
    )
    .addCommand(
      withFirm(
        new Command('why')
          .argument('<decision>')
          .argument('<product>')
          .description('why a product was, or was not, recommendable'),
      ).action(why),
    )
}
