import { compiledFor, whyNot } from '../../engine/suitability/verdicts.js'
import { hasBit } from '../../engine/suitability/bitset.js'
import { type ProductsAsked, type ProductsOfDecision } from './explanations.js'
import { explainer, type RecordedDecision, subjectIn } from './why.js'

/**
 * A page of the products of a recorded decision. Which are meant is read from the compiled verdicts, so that a page of
 * thousands of products is quick; each one's findings are the reference evaluator's. Null where `after` is no product.
 */
export function productsOf(recorded: RecordedDecision, asked: ProductsAsked): ProductsOfDecision | null {
  const { decisionId, decision, pack, catalogue } = recorded
  const verdicts = compiledFor(catalogue, pack).judge(subjectIn(recorded))
  const slate = decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate
  const served = new Set(slate.map(({ productId }) => productId))
  const nominated = new Set(decision.nominated)
  const from = asked.after === undefined ? -1 : catalogue.ordinalOf.get(asked.after)
  if (from === undefined) return null
  const isMeant = (ordinal: number): boolean => {
    const product = catalogue.products[ordinal]
    if (product === undefined || (asked.rule !== undefined && !whyNot(verdicts, ordinal).includes(asked.rule)))
      return false
    switch (asked.show) {
      case undefined:
        return true
      case 'permitted':
        return hasBit(verdicts.permitted, ordinal)
      case 'withheld':
        return !hasBit(verdicts.permitted, ordinal)
      case 'nominated':
        return nominated.has(ordinal)
      case 'served':
        return served.has(product.id)
    }
  }
  const meant: number[] = []
  for (let ordinal = from + 1; ordinal < catalogue.products.length && meant.length <= asked.limit; ordinal++)
    if (isMeant(ordinal)) meant.push(ordinal)
  const page = meant.slice(0, asked.limit).flatMap((ordinal) => catalogue.products[ordinal]?.id ?? [])
  const why = explainer(recorded)
  return {
    decisionId,
    catalogueRevision: catalogue.revision,
    counts: {
      products: catalogue.products.length,
      nominated: nominated.size,
      served: served.size,
      withheld: verdicts.withheld,
    },
    verdictsHold: decision.verdictDigest === null ? null : decision.verdictDigest === verdicts.digest,
    items: page.flatMap((id) => why(id) ?? []),
    next: meant.length > asked.limit ? (page.at(-1) ?? null) : null,
  }
}
