import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { type PopularityConfig } from './config.js'
import { decayed, within } from './decay.js'

/** How many users took each item: [n]. A weighted pair counts by its weight. */
export function itemCounts({ itemIds, items, weights }: Interactions): Float32Array {
  const counts = new Float32Array(itemIds.length)
  for (let at = 0; at < items.length; at++) counts[items[at]!]! += weights === null ? 1 : weights[at]!
  return counts
}

/**
 * The floor of every comparison: an item's score is the number of users who took it, the same for every user; of late
 * alone, or the less the longer ago, as the config says.
 */
export function fitPopularity(all: Interactions, config: Omit<PopularityConfig, 'kind'> = {}): Artifact {
  const recent = config.windowDays === undefined ? all : within(all, config.windowDays)
  return popularityArtifact(decayed(recent, config.halfLifeDays))
}

const popularityArtifact = (interactions: Interactions): Artifact => ({
  metadata: {
    format: 'aptus-model/1',
    kind: 'popularity',
    productIds: JSON.stringify(interactions.itemIds),
    pairs: String(interactions.items.length),
  },
  tensors: { popularity: { shape: [interactions.itemIds.length], data: itemCounts(interactions) } },
})
