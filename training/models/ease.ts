import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { invertInPlace } from './blockedCholesky.js'
import { coOccurrence } from './coOccurrence.js'
import { type EaseConfig } from './config.js'
import { decayed } from './decay.js'
import { itemMatrixArtifact } from './itemMatrix.js'

/**
 * EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data", WWW '19, eq. 8): of the matrices with an
 * empty diagonal the one that minimises |X − XB|² + λ|B|²,
 *
 *   B_ij = −P_ij / P_jj for i ≠ j,   P = (XᵀX + λI)⁻¹.
 *
 * Under halfLifeDays XᵀX is the decayed co-occurrence. Throws a RangeError above 10,000 products.
 */
export const fitEase = (interactions: Interactions, config: EaseConfig): Artifact =>
  itemMatrixArtifact(interactions, easeMatrix(decayed(interactions, config.halfLifeDays), config), config, {
    model: 'ease',
    lambda: String(config.lambda),
  })

/** B [n, n], row i what a product i of the past adds to each score. */
export function easeMatrix(interactions: Interactions, { lambda }: Pick<EaseConfig, 'lambda'>): Float32Array {
  const n = interactions.itemIds.length
  const p = coOccurrence(interactions)
  for (let item = 0; item < n; item++) p[item * n + item]! += lambda
  invertInPlace(p, n)
  const b = new Float32Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) b[i * n + j] = -p[i * n + j]! / p[j * n + j]!
  return b
}
