import { datedInteractionsOf, itemsOf } from '../interactions.js'
import { type ModelConfig } from '../models/config.js'
import { fitPairs } from '../models/fitPairs.js'
import { type RecommenderFor } from './farTrans.js'
import { scorerOf } from './scorer.js'

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
    return ({ id, band }) => {
      const user = userOf.get(id)
      if (suitability && band === null) return []
      const owned = user === undefined ? new Int32Array() : itemsOf(interactions, user)
      const candidates = eligible.filter(
        (item) => !owned.includes(item) && (!suitability || (bands[item] ?? 2) <= (band ?? -1)),
      )
      const scores = new Map(candidates.map((item) => [item, scorer.score(user ?? -1, item)]))
      return candidates
        .sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b)
        .slice(0, 10)
        .map((item) => interactions.itemIds[item] ?? '')
    }
  }
}
