import { type Weighted } from './foldIn.js'

/**
 * A linear item–item model in factors: the score of product j for an investor of the past S is x·B_j, B = history ·
 * productsᵀ, x holding the weights of S. EASE, item-kNN and spectral filters are of this kind; B itself, whole, is the
 * special case of history = B and products = I.
 */
export type ItemFactors = {
  /** [n, d]: what a product of the past adds to the investor's vector. */
  readonly history: Float32Array
  readonly dimension: number
}

/** u = Σ w_i history_i over the past, in the order of the rows, summed in double precision: [d]. */
export function itemFactorsVector({ history, dimension }: ItemFactors, past: readonly Weighted[]): Float32Array {
  const sum = new Float64Array(dimension)
  for (const { row, weight } of past) {
    const from = row * dimension
    for (let i = 0; i < dimension; i++) sum[i] = sum[i]! + weight * history[from + i]!
  }
  return Float32Array.from(sum)
}
