import { type SlateItem } from '../../../engine/decision.js'
import { remedyOf } from '../../../engine/explanation/findingWords.js'
import { type Language, textOf } from '../../../engine/explanation/texts.js'
import { type Product } from '../../../features/schema/product.js'
import { formatInstant } from '../../../features/schema/time.js'
import { type Recommended, type Service } from '../../service.js'
import { type Answer, answer } from '../answer.js'
import { type Metrics } from '../appMetrics.js'
import { problem } from '../problems.js'
import { type Handlers } from '../route.js'

/** Scores are kept as integers, round(score × 2^20): engine/decision.ts. */
const scoreUnit = 2 ** 20

export function recommendationRoutes(service: Service, metrics: Metrics): Handlers<'recommend'> {
  return {
    recommend: async ({ firmId, language, body }) => {
      const from = performance.now()
      const { investorId, size, scene, context } = body
      const given = await service.recommend({ firmId, investorId, size, scene, exclude: context.exclude })
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      const { outcome } = given.decision
      metrics.decisions.add(1, { outcome: outcome.kind === 'refusal' ? outcome.refusal : outcome.kind })
      const reply = replyOf(given, language)
      metrics.recommendationSeconds.observe((performance.now() - from) / 1000)
      return reply
    },
  }
}

function replyOf({ decisionId, decision, products, remedy }: Recommended, language: Language): Answer {
  const { outcome, withheld } = decision
  const recorded = { decisionId, at: formatInstant(decision.at) }
  if (outcome.kind === 'refusal')
    return problem(outcome.refusal, language, {
      ...recorded,
      ruleId: outcome.ruleId,
      withheld,
      remedy: remedyOf(remedy ?? undefined, {}, language),
    })
  const items = outcome.slate.map((item) => itemOf(item, products.get(item.productId), language))
  return answer(
    200,
    { ...recorded, release: decision.release, kind: outcome.kind, items, withheld },
    { headers: { 'Content-Language': language, Vary: 'Accept-Language' } },
  )
}

function itemOf(item: SlateItem, product: Product | undefined, language: Language) {
  if (product === undefined) throw new Error('a slate holds a product that its answer does not name')
  return {
    productId: item.productId,
    rank: item.rank,
    score: item.score / scoreUnit,
    riskLevel: item.riskLevel,
    name: product.name[language] ?? product.name['zh-CN'],
    reasons: inWords(item.reasons, language),
    disclosures: inWords(item.disclosures, language),
  }
}

const inWords = (statements: SlateItem['reasons'], language: Language) =>
  statements.map((coded) => ({ code: coded.code, text: textOf(coded, language) }))
