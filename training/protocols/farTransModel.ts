import { datedInteractionsOf, itemsOf } from '../interactions.js'
import { type ModelConfig } from '../models/config.js'
import { fitPairs } from '../models/fitPairs.js'
import { type RecommenderFor } from './farTrans.js'
import { scorerOf } from './scorer.js'
import { bestOf } from './top.js'

/**
 * Ranks by the model's plain scores, ties by id: what tuning looks at. With `suitability`, only assets up to the
 * customer's band, and none where it is unknown.
 */
export function plainRecommender(config: ModelConfig, seed: number, suitability: boolean): RecommenderFor {
  return async (split, _customers, bandOf) => {
    const { interactions, userIds, itemOf } = datedInteractionsOf(split.train, split.ages, split.eligible)
    const scorer = scorerOf(await fitPairs(interactions, config, seed), interactions)
    const userOf = new Map(userIds.map((id, user) => [id, user]))
    const eligible = [...split.eligible].map((isin) => itemOf.get(isin) ?? -1)
    const bands = interactions.itemIds.map((isin) => bandOf.get(isin) ?? 2)
    const scores = new Float64Array(interactions.itemIds.length)
    return ({ id, band }) => {
      if (suitability && band === null) return []
      const user = userOf.get(id) ?? -1
      scores.fill(-Infinity)
      for (const item of eligible) {
        if (!suitability || (bands[item] ?? 2) <= (band ?? -1)) scores[item] = scorer.score(user, item)
      }
      return bestOf(scores, user < 0 ? new Int32Array() : itemsOf(interactions, user), 10)
        .filter((item) => scores[item] !== -Infinity)
        .map((item) => interactions.itemIds[item] ?? '')
    }
  }
}
