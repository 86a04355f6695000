import { type Artifact } from './artifact.js'
import { type Weighted } from './foldIn.js'
import { type ItemFactors, itemFactorsVector, readItemFactors } from './itemFactors.js'
import { dot } from './kernel.js'
import { floats, ordinals, tensorOf } from './tensors.js'

/**
 * A linear item–item model as a sparse matrix: the score of product j for an investor of the past S is
 * Σ_{i∈S} w_i G_ij, to which `low`, where there is one, adds x·history · products_j (see itemFactors.ts). Row i of G is
 * items[k] and weights[k] for k from offsets[i] up to offsets[i + 1].
 */
export type ItemGraph = {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly weights: Float32Array
  readonly low: (ItemFactors & { readonly products: Float32Array }) | null
}

/** Scores of all products, [n], summed in double precision in the order of the past, within it of the rows. */
export function itemGraphScores({ offsets, items, weights, low }: ItemGraph, past: readonly Weighted[]): Float64Array {
  const scores = new Float64Array(offsets.length - 1)
  for (const { row, weight } of past)
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
      const item = items[k]!
      scores[item] = scores[item]! + weight * weights[k]!
    }
  if (low === null) return scores
  const { products, dimension } = low
  const vector = itemFactorsVector(low, past)
  for (let item = 0; item < scores.length; item++)
    scores[item] = scores[item]! + dot(vector, 0, products, item * dimension, dimension)
  return scores
}

/** Throws an Error that names the tensor at fault. */
export function readItemGraph(artifact: Artifact): ItemGraph {
  const [count = 0, dimension = 0] = tensorOf(artifact, 'products').shape
  const offsets = ordinals(artifact, 'graph.offsets', [count + 1])
  const edges = tensorOf(artifact, 'graph.items').data.length
  const items = ordinals(artifact, 'graph.items', [edges])
  const weights = floats(artifact, 'graph.weights', [edges])
  if (offsets[0] !== 0 || offsets[count] !== edges || offsets.some((at, row) => row > 0 && at < offsets[row - 1]!))
    throw new Error(`model file: tensor graph.offsets does not rise from 0 to ${edges}`)
  if (items.some((item) => item < 0 || item >= count))
    throw new Error(`model file: tensor graph.items names a row that is not below ${count}`)
  if (artifact.tensors['history'] === undefined) return { offsets, items, weights, low: null }
  const factors = readItemFactors(artifact, count, dimension)
  const products = floats(artifact, 'products', [count, dimension])
  return { offsets, items, weights, low: { ...factors, products } }
}
