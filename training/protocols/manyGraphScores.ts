import { type Weighted } from '../../engine/model/foldIn.js'
import { type ItemFactors, itemFactorsVector } from '../../engine/model/itemFactors.js'
import { type ItemGraph, itemGraphScores } from '../../engine/model/itemGraph.js'
import { manyDots } from '../kernels/manyDots.js'

export type LowRank = ItemFactors & { readonly products: Float32Array }

/** Pasts whose products with all items are made together. */
const atOnce = 128

/**
 * `itemGraphScores` of each past, [n], in their order, up to the last bits: the part of low rank is added as a product of
 * many pasts with all items, on all cores.
 */
export function* manyGraphScores<Asked extends { readonly past: readonly Weighted[] }>(
  graph: ItemGraph,
  low: LowRank,
  asked: readonly Asked[],
): Generator<Asked & { readonly scores: Float64Array }> {
  const dots = manyDots(low.products, low.dimension, atOnce, asked.length)
  try {
    for (let from = 0; from < asked.length; from += atOnce) {
      const block = asked.slice(from, from + atOnce)
      const vectors = new Float32Array(block.length * low.dimension)
      block.forEach(({ past }, at) => vectors.set(itemFactorsVector(low, past), at * low.dimension))
      const products = dots.of(vectors)
      for (const [at, one] of block.entries()) {
        const scores = itemGraphScores({ ...graph, low: null }, one.past)
        const first = at * dots.stride
        yield { ...one, scores: scores.map((score, item) => score + (products[first + item] ?? 0)) }
      }
    }
  } finally {
    dots.close()
  }
}
