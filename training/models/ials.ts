import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions, transposed, userCount } from '../interactions.js'
import { randomFor } from '../random.js'
import { type IalsConfig } from './config.js'
import { gramOf, halfStep, type Vectors } from './halfStep.js'
import { itemCounts } from './popularity.js'

/** Told after each iteration. */
export type Progress = (done: number, total: number) => void

/**
 * iALS with frequency-scaled regularisation (Hu, Koren and Volinsky 2008; Rendle, Krichene, Zhang and Koren 2022,
 * "Revisiting the performance of iALS on item recommendation benchmarks", RecSys '22). It minimises
 *
 *   Σ_{(u,i) taken} w_ui (x_u·y_i − 1)² + α0 Σ_{all u,i} (x_u·y_i)² + Σ_u λ_u |x_u|² + Σ_i λ_i |y_i|²,
 *   λ_u = λ (Σ_{i∈S(u)} w_ui + α0 n)^ν,   λ_i = λ (Σ_{u∈S(i)} w_ui + α0 m)^ν,
 *
 * n items, m users, in turns: users given items, then items given users. Vectors of users are not kept. The score of
 * item i for an investor with the past S is u·y_i, u folded in from the artifact alone:
 *
 *   u = (gram + Σ_{i∈S} w_i y_i y_iᵀ + λ_u I)⁻¹ Σ_{i∈S} w_i y_i,   gram = α0 YᵀY [d, d],
 *   λ_u = lambda · (Σ_{i∈S} w_i + alpha0 · n)^nu,   w_i = 1 if purchased, else viewWeight if viewed (0: left out),
 *
 * where n is metadata `regularisedItems` (not the number of rows: products without a pair may have been given vectors
 * later, and `gram` counts only those that were fitted). An empty S has no u; serving falls back to `popularity`.
 */
export function fitIals(interactions: Interactions, config: IalsConfig, seed: number, progress?: Progress): Artifact {
  let products = initialVectors(interactions.itemIds.length, config, seed)
  const byItem = transposed(interactions)
  for (let iteration = 1; iteration <= config.iterations; iteration++) {
    const users = halfStep(products, interactions, config)
    products = halfStep(users, byItem, config)
    progress?.(iteration, config.iterations)
  }
  return ialsArtifact(interactions, products, config, seed)
}

/** Rendle et al.: each number normal with variance initialScale² / d, so that |y| ≈ initialScale. */
function initialVectors(count: number, { dimension, initialScale }: IalsConfig, seed: number): Vectors {
  const { normal } = randomFor(seed, 'ials/products')
  const scale = initialScale / Math.sqrt(dimension)
  return { count, dimension, data: Float64Array.from({ length: count * dimension }, () => normal() * scale) }
}

function ialsArtifact(interactions: Interactions, products: Vectors, config: IalsConfig, seed: number): Artifact {
  const { count, dimension } = products
  const data = Float32Array.from(products.data)
  // From the rounded vectors, which are all that a reader of the artifact has.
  const gram = gramOf({ count, dimension, data: Float64Array.from(data) }).map((value) => value * config.alpha0)
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'ials',
      productIds: JSON.stringify(interactions.itemIds),
      dimension: String(dimension),
      lambda: String(config.lambda),
      nu: String(config.nu),
      alpha0: String(config.alpha0),
      viewWeight: String(config.viewWeight),
      iterations: String(config.iterations),
      initialScale: String(config.initialScale),
      regularisedItems: String(count),
      users: String(userCount(interactions)),
      pairs: String(interactions.items.length),
      seed: String(seed),
    },
    tensors: {
      products: { shape: [count, dimension], data },
      popularity: { shape: [count], data: itemCounts(interactions) },
      gram: { shape: [dimension, dimension], data: gram },
    },
  }
}
