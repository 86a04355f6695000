import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { coOccurrence } from './coOccurrence.js'
import { type ItemKnnConfig } from './config.js'
import { decayed } from './decay.js'
import { itemMatrixArtifact } from './itemMatrix.js'

/**
 * Item-kNN over all neighbours, with a similarity that is not symmetric (Deshpande and Karypis 2004, "Item-based top-N
 * recommendation algorithms", eq. 4, whose α is productExponent where pastExponent is 1; the shrinkage is that of
 * Dacrema, Cremonesi and Jannach 2019):
 *
 *   B_ij = co(i,j) / (n_i^pastExponent · n_j^productExponent + shrink) for i ≠ j.
 *
 * Throws a RangeError above 10,000 products.
 */
export const fitItemKnn = (interactions: Interactions, config: ItemKnnConfig): Artifact =>
  itemMatrixArtifact(interactions, itemKnnMatrix(decayed(interactions, config.halfLifeDays), config), config, {
    model: 'item-knn',
    pastExponent: String(config.pastExponent),
    productExponent: String(config.productExponent),
    shrink: String(config.shrink),
  })

/** B [n, n], row i what a product i of the past adds to each score. */
export function itemKnnMatrix(
  interactions: Interactions,
  { pastExponent, productExponent, shrink }: Pick<ItemKnnConfig, 'pastExponent' | 'productExponent' | 'shrink'>,
): Float32Array {
  const n = interactions.itemIds.length
  const co = coOccurrence(interactions)
  const powers = (exponent: number): Float64Array =>
    Float64Array.from({ length: n }, (_, item) => Math.pow(co[item * n + item]!, exponent))
  const [past, product] = [powers(pastExponent), powers(productExponent)]
  const b = new Float32Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const together = co[i * n + j]!
      if (i !== j && together > 0) b[i * n + j] = together / (past[i]! * product[j]! + shrink)
    }
  return b
}
