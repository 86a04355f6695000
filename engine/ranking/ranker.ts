import { candidateFeatures, type CandidateFacts, zScores } from './candidateFeatures.js'
import { type Head, type Term } from './terms.js'

/** The ranking stage of a model: heads, each linear in the candidates' features, added by their weights. */
export type Ranker = {
  readonly terms: readonly Term[]
  readonly heads: readonly Head[]
  /** [heads, terms] */
  readonly weights: Float64Array
}

/** [k] scores, higher is better: Σ_h weight_h · out_h, out_h = x · w_h, its z-score where the head is normalised. */
export function rankerScores({ terms, heads, weights }: Ranker, facts: CandidateFacts): Float64Array {
  const features = candidateFeatures(terms, facts)
  const scores = new Float64Array(facts.rows.length)
  heads.forEach(({ weight, normalised }, head) => {
    if (weight === 0) return
    const out = new Float64Array(scores.length)
    for (let at = 0; at < out.length; at++) {
      let sum = 0
      for (let term = 0; term < terms.length; term++)
        sum += features[at * terms.length + term]! * weights[head * terms.length + term]!
      out[at] = sum
    }
    const added = normalised ? zScores(out) : out
    for (let at = 0; at < out.length; at++) scores[at] = scores[at]! + weight * added[at]!
  })
  return scores
}
