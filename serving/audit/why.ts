import { type Decision, type Params } from '../../engine/decision.js'
import { wordsOfFinding } from '../../engine/explanation/findingWords.js'
import { fill, type Language } from '../../engine/explanation/texts.js'
import { type Finding, referenceFor } from '../../engine/suitability/reference.js'
import { productInputsOf, type Subject, subjectOf } from '../../engine/suitability/inputs.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type DecisionInputs } from '../../audit/inputs.js'
import { type DecisionId, type ProductId } from '../../features/schema/ids.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Why } from './auditService.js'

export type RecordedDecision = {
  readonly decisionId: DecisionId
  readonly decision: Decision
  readonly inputs: DecisionInputs
  readonly pack: Pack
  readonly catalogue: Catalogue
  readonly language: Language
}

/**
 * Why a product was, or was not, recommendable in a recorded decision: the reference evaluator judges it anew, from the
 * recorded inputs, under the pack and the catalogue of that decision. Null where the catalogue had no such product.
 */
export const whyOf = (recorded: RecordedDecision, productId: ProductId): Why | null => explainer(recorded)(productId)

/** `whyOf` of one decision, for many of its products. */
export function explainer(recorded: RecordedDecision): (productId: ProductId) => Why | null {
  const { decisionId, decision, pack, catalogue, language } = recorded
  const subject = subjectIn(recorded)
  const slate = decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate
  const nominated = new Map(decision.nominated.map((ordinal, place) => [ordinal, place + 1]))
  return (productId) => {
    const ordinal = catalogue.ordinalOf.get(productId)
    const product = ordinal === undefined ? undefined : catalogue.products[ordinal]
    if (ordinal === undefined || product === undefined) return null
    const findings = referenceFor(pack).findings(productInputsOf(product, pack.timeZone), subject)
    const rank = slate.find((item) => item.productId === productId)?.rank ?? null
    const place = { rank, nominatedAt: nominated.get(ordinal) ?? null }
    return {
      decisionId,
      productId,
      permitted: findings.length === 0,
      ...place,
      findings: findings.map((finding) => ({ ...finding, ...wordsOfFinding(finding, pack, subject.today, language) })),
      summary: summaryOf(findings, place, decision, language),
    }
  }
}

/** Investor and request, as the rules saw them. */
export const subjectIn = ({ inputs, pack, decision }: RecordedDecision): Subject =>
  subjectOf(inputs.investor, 'push', pack, decision.at)

const words = {
  withheld: { 'zh-CN': '依据{rules}未推荐', en: 'withheld by {rules}' },
  served: { 'zh-CN': '已推荐，排名第{rank}', en: 'served at rank {rank}' },
  refused: {
    'zh-CN': '各项规则均允许；该决定为拒绝（{refusal}）',
    en: 'permitted by every rule; the decision was a refusal ({refusal})',
  },
  nominated: {
    'zh-CN': '各项规则均允许，候选第{place}名（共{count}名），未进入推荐的{size}个产品',
    en: 'permitted, and nominated at place {place} of {count}; not among the {size} served',
  },
  outranked: {
    'zh-CN': '各项规则均允许，但未进入{count}名候选：其他产品排名更高，或已持有',
    en: 'permitted, but not among the {count} nominated: others ranked higher, or it was held already',
  },
} as const satisfies Record<string, Record<Language, string>>

type Place = { readonly rank: number | null; readonly nominatedAt: number | null }

function summaryOf(
  findings: readonly Finding[],
  { rank, nominatedAt }: Place,
  decision: Decision,
  language: Language,
): string {
  const say = (which: keyof typeof words, params: Params): string => fill(words[which][language], params)
  const count = decision.nominated.length
  if (findings.length > 0) return say('withheld', { rules: findings.map(({ ruleId }) => ruleId).join(', ') })
  if (rank !== null) return say('served', { rank })
  if (decision.outcome.kind === 'refusal') return say('refused', { refusal: decision.outcome.refusal })
  if (nominatedAt !== null) return say('nominated', { place: nominatedAt, count, size: decision.size })
  return say('outranked', { count })
}
