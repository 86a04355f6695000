import { Command } from 'commander'
import { scenes, type Decision, type Scene } from '../engine/decision.js'
import { textOf } from '../engine/explanation/texts.js'
import { type FirmId, InvestorId, type ProductId } from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { type Product } from '../features/schema/product.js'
import { defaultFirm } from '../serving/investorKey.js'
import { type Recommended } from '../serving/service.js'
import { withService } from './open.js'
import { type Common, firm, instant, wholeNumber, withCommon } from './options.js'
import { Failure, print, UsageError } from './output.js'

type Options = Common & { readonly size: number; readonly scene: string; readonly asOf?: number; readonly firm: FirmId }

export function recommendCommand(): Command {
  return withCommon(
    new Command('recommend')
      .argument('<investor>', 'his id')
      .description('one decision, printed with its reasons and recorded'),
  )
    .option('--size <n>', 'length of the slate', wholeNumber(1, 50), 10)
    .option('--scene <scene>', scenes.join(', '), 'home')
    .option('--as-of <instant>', 'decide as of then, from what was known; marked historical', instant)
    .option('--firm <id>', 'whose investor', firm, defaultFirm)
    .action(recommend)
}

async function recommend(text: string, options: Options): Promise<void> {
  const id = InvestorId.safeParse(text)
  if (!id.success) throw new UsageError(`"${text}" is no investor id: ${id.error.issues[0]?.message ?? ''}`)
  const scene = scenes.find((known): known is Scene => known === options.scene)
  if (scene === undefined) throw new UsageError(`scene "${options.scene}": want one of ${scenes.join(', ')}`)
  const answer = await withService(options.data, (service) =>
    service.recommend({
      firmId: options.firm,
      investorId: id.data,
      size: options.size,
      scene,
      exclude: [],
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
    }),
  )
  if ('unknownInvestor' in answer) {
    const then = options.asOf === undefined ? '' : ` was known before ${formatInstant(options.asOf)}`
    throw new Failure(`no investor ${id.data}${then}; "aptus investors list" names them`)
  }
  print(options.json, shown(answer), () => inWords(answer))
}

const nameOf = (products: ReadonlyMap<ProductId, Product>, id: ProductId): string =>
  products.get(id)?.name['zh-CN'] ?? id

function shown({ decisionId, decision, products, recommendable }: Recommended) {
  const { outcome, withheld } = decision
  const base = {
    decisionId,
    at: formatInstant(decision.at),
    mode: decision.mode,
    release: decision.release,
    pack: decision.packDigest,
    recommendable,
    withheld,
  }
  if (outcome.kind === 'refusal')
    return { ...base, kind: outcome.kind, refusal: outcome.refusal, ruleId: outcome.ruleId }
  const items = outcome.slate.map((item) => ({
    productId: item.productId,
    rank: item.rank,
    name: nameOf(products, item.productId),
    score: item.score / 2 ** 20,
    riskLevel: item.riskLevel,
    reasons: item.reasons.map((coded) => ({ code: coded.code, text: textOf(coded, 'en') })),
    disclosures: item.disclosures.map((coded) => ({ code: coded.code, text: textOf(coded, 'en') })),
  }))
  return { ...base, kind: outcome.kind, items }
}

function inWords({ decisionId, decision, products, recommendable }: Recommended): string {
  const { outcome, withheld } = decision
  const lines = [
    `${decisionId}, ${formatInstant(decision.at)}, ${decision.mode}`,
    `${recommendable} products recommendable, ${withheld.total} withheld${rulesOf(decision)}`,
  ]
  if (outcome.kind === 'refusal')
    return [...lines, `refused: ${outcome.refusal}${outcome.ruleId === null ? '' : ` (${outcome.ruleId})`}`].join('\n')
  for (const { rank, productId, riskLevel, score, reasons } of outcome.slate) {
    lines.push(
      `${String(rank).padStart(2)}. ${productId} ${nameOf(products, productId)}  ${riskLevel}  ${(score / 2 ** 20).toFixed(4)}`,
    )
    for (const coded of reasons) lines.push(`      ${textOf(coded, 'en')}`)
  }
  return lines.join('\n')
}

const rulesOf = ({ withheld }: Decision): string => {
  const rules = Object.entries(withheld.byRule).map(([rule, count]) => `${rule} ${count}`)
  return rules.length === 0 ? '' : `: ${rules.join(', ')}`
}
