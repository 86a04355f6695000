import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'

/** How many users took each item: [n]. A weighted pair counts by its weight. */
export function itemCounts({ itemIds, items, weights }: Interactions): Float32Array {
  const counts = new Float32Array(itemIds.length)
  for (let at = 0; at < items.length; at++) counts[items[at]!]! += weights === null ? 1 : weights[at]!
  return counts
}

/** The floor of every comparison: an item's score is the number of users who took it, the same for every user. */
export const fitPopularity = (interactions: Interactions): Artifact => ({
  metadata: {
    format: 'aptus-model/1',
    kind: 'popularity',
    productIds: JSON.stringify(interactions.itemIds),
    pairs: String(interactions.items.length),
  },
  tensors: { popularity: { shape: [interactions.itemIds.length], data: itemCounts(interactions) } },
})
