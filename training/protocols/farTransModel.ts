import { type Interactions, interactionsOfPairs, itemsOf } from '../interactions.js'
import { type ModelConfig } from '../models/config.js'
import { fitIals } from '../models/ials.js'
import { fitPopularity } from '../models/popularity.js'
import { type Artifact } from '../../engine/model/artifact.js'
import { type RecommenderFor } from './farTrans.js'
import { type Scorer, scorerOf } from './scorer.js'

/** Fits the models that learn from pairs alone. Throws an Error for the others. */
export function fitPairs(interactions: Interactions, config: ModelConfig, seed: number): Artifact {
  if (config.kind === 'popularity') return fitPopularity(interactions)
  if (config.kind === 'ials') return fitIals(interactions, config, seed)
  throw new Error(`model ${config.kind}: this protocol has pairs only; want popularity or ials`)
}

/**
 * Ranks by the model's plain scores, ties by id: what tuning looks at. With `suitability`, only assets up to the
 * customer's band, and none where it is unknown.
 */
export function plainRecommender(config: ModelConfig, seed: number, suitability: boolean): RecommenderFor {
  return (split, _customers, bandOf) => {
    const { interactions, userIds, itemOf } = interactionsOfPairs(split.train, split.eligible)
    const scorer = scorerOf(fitPairs(interactions, config, seed), interactions)
    const userOf = new Map(userIds.map((id, user) => [id, user]))
    const eligible = [...split.eligible].map((isin) => itemOf.get(isin) ?? -1)
    const bands = interactions.itemIds.map((isin) => bandOf.get(isin) ?? 2)
    return ({ id, band }) => {
      const user = userOf.get(id)
      if (suitability && band === null) return []
      const owned = user === undefined ? new Int32Array() : itemsOf(interactions, user)
      const candidates = eligible.filter(
        (item) => !owned.includes(item) && (!suitability || (bands[item] ?? 2) <= (band ?? -1)),
      )
      return best(candidates, scoresOf(scorer, user), 10).map((item) => interactions.itemIds[item] ?? '')
    }
  }
}

const scoresOf = (scorer: Scorer, user: number | undefined): Float32Array => scorer(user ?? -1)

/** The first `size` by score; items are in code-unit order of their ids, so that ties go by id. */
const best = (candidates: readonly number[], scores: Float32Array, size: number): number[] =>
  [...candidates].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, size)
