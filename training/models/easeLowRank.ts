import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions, userCount } from '../interactions.js'
import { type EaseConfig } from './config.js'
import { decayed } from './decay.js'
import { itemCounts } from './popularity.js'
import { normalised } from './spectral/sparse.js'
import { truncatedSvd } from './spectral/truncatedSvd.js'

/** Of the subspace iteration, whose start is always the same. */
const [iterations, start] = [4, 1]

/**
 * EASE (see ease.ts) with XᵀX cut to its `rank` greatest eigenvalues σ², of the vectors V [n, k]: by the identity of
 * Woodbury λP = I − V diag(g) Vᵀ, g = σ² / (σ² + λ), so that
 *
 *   B_ij = (V diag(g) Vᵀ)_ij / (1 − (V diag(g) Vᵀ)_jj)   for i ≠ j.
 *
 * Needs no matrix of products by products, and gives vectors, which an index can search: `history` is V diag(g), and
 * `products` V over its denominators. Unlike in the whole matrix a product of the past adds to its own score too.
 */
export function fitEaseLowRank(interactions: Interactions, config: EaseConfig, rank: number): Artifact {
  const { itemIds } = interactions
  const both = normalised(decayed(interactions, config.halfLifeDays), 0, 0)
  const { values, vectors } = truncatedSvd(both, rank, iterations, start)
  const gains = values.map((value) => value ** 2 / (value ** 2 + config.lambda))
  const shape = [itemIds.length, rank]
  const history = Float32Array.from(vectors, (value, at) => value * gains[at % rank]!)
  const products = new Float32Array(vectors.length)
  for (let from = 0; from < vectors.length; from += rank) {
    let own = 0
    for (let axis = 0; axis < rank; axis++) own += gains[axis]! * vectors[from + axis]! ** 2
    for (let axis = 0; axis < rank; axis++) products[from + axis] = vectors[from + axis]! / (1 - own)
  }
  return {
    metadata: {
      ...{ format: 'aptus-model/1', kind: 'item-factors', model: 'ease', productIds: JSON.stringify(itemIds) },
      ...{ lambda: String(config.lambda), rank: String(rank), viewWeight: String(config.viewWeight) },
      ...{ users: String(userCount(interactions)), pairs: String(interactions.items.length) },
    },
    tensors: {
      history: { shape, data: history },
      products: { shape, data: products },
      popularity: { shape: [itemIds.length], data: itemCounts(interactions) },
    },
  }
}
