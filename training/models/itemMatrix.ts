import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions, userCount } from '../interactions.js'
import { type ItemMatrixConfig } from './config.js'
import { decayed } from './decay.js'
import { itemCounts } from './popularity.js'

/**
 * The artifact of a dense item–item matrix B [n, n]: the score of j for the past S is b_j + Σ_{i∈S} w_i B_ij, where
 * b = popularityWeight · p / max p, p the products' counts, decayed by popularityHalfLifeDays.
 */
export function itemMatrixArtifact(
  interactions: Interactions,
  matrix: Float32Array,
  config: ItemMatrixConfig,
  metadata: Readonly<Record<string, string>>,
): Artifact {
  const n = interactions.itemIds.length
  const counts = itemCounts(decayed(interactions, config.popularityHalfLifeDays))
  const most = counts.reduce((a, b) => Math.max(a, b), 0) || 1
  const bias = counts.map((count) => (config.popularityWeight * count) / most)
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'item-factors',
      productIds: JSON.stringify(interactions.itemIds),
      viewWeight: String(config.viewWeight),
      users: String(userCount(interactions)),
      pairs: String(interactions.items.length),
      ...metadata,
    },
    tensors: {
      history: { shape: [n, n], data: matrix },
      ...(config.popularityWeight > 0 ? { bias: { shape: [n], data: bias } } : {}),
      popularity: { shape: [n], data: itemCounts(interactions) },
    },
  }
}
