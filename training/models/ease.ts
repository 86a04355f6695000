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

/**
 * B [n, n], row i what a product i of the past adds to each score. Products that nobody took have empty rows and
 * columns, and take no part in the inversion.
 */
export function easeMatrix(interactions: Interactions, { lambda }: Pick<EaseConfig, 'lambda'>): Float32Array {
  const n = interactions.itemIds.length
  const { counts, taken } = ofTaken(coOccurrence(interactions), n)
  const m = taken.length
  for (let item = 0; item < m; item++) counts[item * m + item]! += lambda
  invertInPlace(counts, m)
  const b = new Float32Array(n * n)
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) if (i !== j) b[taken[i]! * n + taken[j]!] = -counts[i * m + j]! / counts[j * m + j]!
  return b
}

/** The rows and columns with a diagonal above 0, moved together in place: [m, m] at the front of `counts`. */
function ofTaken(counts: Float64Array, n: number): { readonly counts: Float64Array; readonly taken: Int32Array } {
  const taken = Int32Array.from(Array(n).keys()).filter((item) => counts[item * n + item]! > 0)
  let to = 0
  for (const i of taken) for (const j of taken) counts[to++] = counts[i * n + j]!
  return { counts: counts.subarray(0, to), taken }
}
