import { counterfactual } from '../../engine/counterfactual/counterfactual.js'
import { counterfactualInWords } from '../../engine/explanation/counterfactualWords.js'
import { productInputsOf } from '../../engine/suitability/inputs.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type CounterfactualAnswer } from './explanations.js'
import { type RecordedDecision, subjectIn } from './why.js'

/** Null where the catalogue of the decision had no such product. */
export function counterfactualOf(recorded: RecordedDecision, productId: ProductId): CounterfactualAnswer | null {
  const { decisionId, pack, catalogue, language } = recorded
  const product = catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]
  if (product === undefined) return null
  const found = counterfactual(pack, productInputsOf(product, pack.timeZone), subjectIn(recorded))
  return { decisionId, productId, ...found, summary: counterfactualInWords(found, language) }
}
