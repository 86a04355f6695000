import { Matrix } from 'ml-matrix'
import { type Vectors } from '../engine/retrieval/vectors.js'
import { compareIds, type ProductId } from '../features/schema/ids.js'
import { principalComponents } from './models/principalComponents.js'
import { randomFor } from './random.js'

export type EmbeddingMap = {
  /** Share of the sample's variance that the two axes keep. */
  readonly explained: number
  readonly points: readonly { readonly productId: ProductId; readonly x: number; readonly y: number }[]
}

/** Above so many numbers a vector the covariance takes longer than the whole page. */
const mostDimensions = 256

/**
 * Products in the two axes of greatest variance of their vectors' directions, of at most `most` drawn by the seed: a
 * length often tells of popularity, and would push all but a few into one spot. Null where there is nothing to draw:
 * vectors of fewer than two numbers or of more than 256 (a matrix of products by products), or fewer than three products.
 */
export function embeddingMap(
  { productIds, dimension, matrix }: Pick<Vectors, 'productIds' | 'dimension' | 'matrix'>,
  { most, seed }: { readonly most: number; readonly seed: number },
): EmbeddingMap | null {
  if (dimension < 2 || dimension > mostDimensions || productIds.length < 3) return null
  const rows = sampled(productIds, most, seed)
  const vectors = new Matrix(rows.map((row) => direction(matrix.subarray(row * dimension, (row + 1) * dimension))))
  const { projected, explained } = principalComponents(vectors, 2)
  const points = rows.flatMap((row, at) => {
    const productId = productIds[row]
    return productId === undefined ? [] : [{ productId, x: projected.get(at, 0), y: projected.get(at, 1) }]
  })
  return { explained, points }
}

function direction(vector: Float32Array): number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return Array.from(vector, (value) => (length > 0 ? value / length : 0))
}

/** Rows of at most `most` products, drawn by the seed, in the order of their ids. */
function sampled(ids: readonly ProductId[], most: number, seed: number): number[] {
  const { uniform } = randomFor(seed, 'embedding map')
  return ids
    .map((id, row) => ({ id, row, draw: uniform() }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, most)
    .sort((a, b) => compareIds(a.id, b.id))
    .map(({ row }) => row)
}
