import { compareIds, type ProductId } from '../../features/schema/ids.js'

/**
 * A release's products in the order in which they are searched: by risk level at the time of the release, then by id,
 * so that "may see up to R3" is one contiguous range of rows.
 */
export type Vectors = {
  readonly productIds: readonly ProductId[]
  readonly dimension: number
  /** [n, dimension] in that order. */
  readonly matrix: Float32Array
  /** [n] */
  readonly popularity: Float32Array
  /** [n] place of each row's id among all ids: the tie-break. */
  readonly idRank: Int32Array
  /** Rows of level l (0 without a level, 1 to 5) are levelStart[l] … levelStart[l + 1). */
  readonly levelStart: readonly number[]
}

/** Orders a model's rows. `levelOf`: 1 to 5, or 0 for a product without a rating. */
export function orderVectors(
  model: { productIds: readonly ProductId[]; dimension: number; products: Float32Array; popularity: Float32Array },
  levelOf: (id: ProductId) => number,
): Vectors {
  const { dimension } = model
  const levels = model.productIds.map(levelOf)
  const rows = model.productIds.map((_, row) => row)
  rows.sort((a, b) => levels[a]! - levels[b]! || compareIds(model.productIds[a]!, model.productIds[b]!))
  const matrix = new Float32Array(rows.length * dimension)
  rows.forEach((row, to) => matrix.set(model.products.subarray(row * dimension, (row + 1) * dimension), to * dimension))
  const productIds = rows.map((row) => model.productIds[row]!)
  const idRank = new Int32Array(rows.length)
  productIds
    .map((_, row) => row)
    .sort((a, b) => compareIds(productIds[a]!, productIds[b]!))
    .forEach((row, rank) => (idRank[row] = rank))
  const levelStart = [0, 1, 2, 3, 4, 5, 6].map((level) => levels.filter((other) => other < level).length)
  return {
    productIds,
    dimension,
    matrix,
    popularity: Float32Array.from(rows, (row) => model.popularity[row]!),
    idRank,
    levelStart,
  }
}
