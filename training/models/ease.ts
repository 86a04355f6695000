import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { sharedMatrix } from '../kernels/sharedMatrix.js'
import { addCoOccurrence, requireFew } from './coOccurrence.js'
import { type EaseConfig } from './config.js'
import { decayed } from './decay.js'
import { fitEaseLowRank } from './easeLowRank.js'
import { itemMatrixArtifact } from './itemMatrix.js'

/**
 * EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data", WWW '19, eq. 8): of the matrices with an
 * empty diagonal the one that minimises |X − XB|² + λ|B|²,
 *
 *   B_ij = −P_ij / P_jj for i ≠ j,   P = (XᵀX + λI)⁻¹.
 *
 * Under halfLifeDays XᵀX is the decayed co-occurrence. With a `rank` it is cut to it: easeLowRank.ts. Throws a RangeError
 * above 10,000 products without one.
 */
export function fitEase(interactions: Interactions, config: EaseConfig): Artifact {
  if (config.rank !== undefined) return fitEaseLowRank(interactions, config, config.rank)
  return itemMatrixArtifact(interactions, easeMatrix(decayed(interactions, config.halfLifeDays), config), config, {
    model: 'ease',
    lambda: String(config.lambda),
  })
}

/**
 * B [n, n], row i what a product i of the past adds to each score. Products that nobody took have empty rows and
 * columns, and take no part in the inversion.
 */
export function easeMatrix(interactions: Interactions, { lambda }: Pick<EaseConfig, 'lambda'>): Float32Array {
  const n = interactions.itemIds.length
  requireFew(n)
  const taken = Int32Array.from(new Set(interactions.items)).sort()
  const place = new Int32Array(n)
  taken.forEach((item, row) => (place[item] = row))
  const { values, stride, invert } = sharedMatrix(taken.length)
  addCoOccurrence(interactions, place, values, stride)
  for (let row = 0; row < taken.length; row++) values[row * stride + row]! += lambda
  invert()
  const scale = Float64Array.from(taken, (_, row) => -values[row * stride + row]!)
  const b = new Float32Array(n * n)
  taken.forEach((item, i) => {
    for (let j = 0; j < scale.length; j++) b[item * n + taken[j]!] = i === j ? 0 : values[i * stride + j]! / scale[j]!
  })
  return b
}
