import { type Artifact } from './artifact.js'
import { type Weighted } from './foldIn.js'
import { floats } from './tensors.js'

/**
 * A linear item–item model in factors: the score of product j for an investor of the past S is x·B_j, B = history ·
 * productsᵀ, x holding the weights of S. EASE, item-kNN and spectral filters are of this kind; B itself, whole, is the
 * special case of history = B and products = I, which a file leaves out: then an investor's vector is his scores.
 */
export type ItemFactors = {
  /** [n, d]: what a product of the past adds to the investor's vector. */
  readonly history: Float32Array
  readonly dimension: number
  /** [d], what every investor's vector begins with; null: nothing. With products = I it is a score of each product. */
  readonly bias: Float32Array | null
}

/** Reads the tensors `history` [n, d] and `bias` [d], if there is one. Throws an Error that names what is wrong. */
export const readItemFactors = (artifact: Artifact, count: number, dimension: number): ItemFactors => ({
  history: floats(artifact, 'history', [count, dimension]),
  dimension,
  bias: artifact.tensors['bias'] === undefined ? null : floats(artifact, 'bias', [dimension]),
})

/** u = bias + Σ w_i history_i over the past, in the order of the rows, summed in double precision: [d]. */
export function itemFactorsVector({ history, dimension, bias }: ItemFactors, past: readonly Weighted[]): Float32Array {
  const sum = new Float64Array(dimension)
  if (bias !== null) sum.set(bias)
  for (const { row, weight } of past) {
    const from = row * dimension
    for (let i = 0; i < dimension; i++) sum[i] = sum[i]! + weight * history[from + i]!
  }
  return Float32Array.from(sum)
}
