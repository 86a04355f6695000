import { Command, Option } from 'commander'
import { languages, type Language } from '../../engine/explanation/texts.js'
import { DecisionId, type FirmId, ProductId } from '../../features/schema/ids.js'
import { type Why } from '../../serving/audit/auditService.js'
import { type ProductsOfDecision, shownProducts } from '../../serving/audit/explanations.js'
import { type Service } from '../../serving/service.js'
import { csvLine } from '../csv.js'
import { withService } from '../open.js'
import { Failure, print, UsageError } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'
import { readBy } from '../operator.js'

type WhyOptions = Options & {
  readonly all?: true
  readonly csv?: true
  readonly show?: (typeof shownProducts)[number]
  readonly rule?: string
  readonly language: Language
}

/** What a decision's own inputs answer; that they were read is recorded. Throws Failure where there is no such decision, or its person was erased. */
export async function answered<T>(
  found: Promise<T | 'erased' | null>,
  { service, firm, id, what, how }: { service: Service; firm: FirmId; id: DecisionId; what: string; how: string },
): Promise<T> {
  const answer = await found
  if (answer === 'erased')
    throw new Failure(`the inputs of decision ${id} were erased with the person; the entry stands and verifies`)
  if (answer !== null) {
    await service.privacy.reads.ofEntry(readBy(firm, how), id)
    return answer
  }
  if ((await service.audit.decision(firm, id)) === null)
    throw new Failure(`no decision ${id} was recorded for firm ${firm}`)
  throw new Failure(`the catalogue of decision ${id} had no ${what}`)
}

async function why(decision: string, product: string | undefined, options: WhyOptions): Promise<void> {
  if (options.all === true) return whyAll(decision, product, options)
  const { data, json, firm, language } = options
  if (product === undefined) throw new UsageError('name a product, or give --all')
  if (options.csv === true || options.show !== undefined || options.rule !== undefined)
    throw new UsageError('--csv, --show and --rule go with --all')
  const id = idOf(DecisionId, decision, 'decision')
  const productId = idOf(ProductId, product, 'product')
  const found = await withService(data, (service) =>
    answered(service.audit.why(firm, id, productId, language), {
      service,
      firm,
      id,
      what: `product ${productId}`,
      how: 'audit why',
    }),
  )
  print(json, found, () => whyInWords(found))
}

async function whyAll(decision: string, product: string | undefined, options: WhyOptions): Promise<void> {
  const { data, json, firm, show, rule, language } = options
  if (product !== undefined) throw new UsageError('give a product or --all, not both')
  if (options.csv === true && json) throw new UsageError('give --csv or --json, not both')
  const id = idOf(DecisionId, decision, 'decision')
  const found = await withService(data, (service) =>
    answered(service.audit.products(firm, id, { language, show, rule, limit: Number.MAX_SAFE_INTEGER }), {
      service,
      firm,
      id,
      what: 'products',
      how: 'audit why --all',
    }),
  )
  print(json, found, () => (options.csv === true ? inCsv(found) : allInWords(found)))
}

const whyInWords = ({ productId, summary, findings }: Why): string =>
  [
    `${productId}: ${summary}`,
    ...findings.flatMap(({ ruleId, text, source, remedy }) => [
      `  ${ruleId}: ${text} [${source}]`,
      ...(remedy === null ? [] : [`    ${remedy}`]),
    ]),
  ].join('\n')

function allInWords({ counts, verdictsHold, items }: ProductsOfDecision): string {
  const rules = Object.entries(counts.withheld.byRule).map(([rule, count]) => `${rule} ${count}`)
  const held = { true: ', as decided', false: ': NOT those of the decision', null: ': it was refused before any' }
  return [
    ...items.map(whyInWords),
    `${counts.products} products: ${counts.served} served, ${counts.nominated} nominated, ${counts.withheld.total} withheld`,
    ...(rules.length === 0 ? [] : [`withheld by ${rules.join(', ')}`]),
    `verdicts${held[`${verdictsHold}`]}`,
  ].join('\n')
}

const inCsv = ({ items }: ProductsOfDecision): string =>
  [
    csvLine(['product_id', 'permitted', 'rank', 'nominated_at', 'rules', 'summary', 'findings']),
    ...items.map(({ productId, permitted, rank, nominatedAt, findings, summary }) =>
      csvLine([
        productId,
        String(permitted),
        rank,
        nominatedAt,
        findings.map(({ ruleId }) => ruleId).join(' '),
        summary,
        findings.map(({ text }) => text).join(' '),
      ]),
    ),
  ].join('')

export const languageOption = (): Option =>
  new Option('--language <language>', 'of the words').choices([...languages]).default('en')

export const whyCommand = (): Command =>
  withFirm(
    new Command('why')
      .argument('<decision>')
      .argument('[product]')
      .description('why a product, or each of the catalogue, was or was not recommendable'),
  )
    .option('--all', 'every product of the catalogue')
    .addOption(new Option('--show <which>', 'with --all: those alone').choices([...shownProducts]))
    .option('--rule <id>', 'with --all: those that this rule withheld')
    .option('--csv', 'with --all: a line a product')
    .addOption(languageOption())
    .action(why)
