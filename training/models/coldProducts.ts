import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { type Artifact } from '../../engine/model/artifact.js'

/** Weight of the ridge, in units of one product's standardised features. */
const ridge = 10

/**
 * Vectors for products that nobody has taken yet: a linear map from product features to the vectors of those that
 * were, by ridge regression, W = (XᵀX + ridge I)⁻¹ XᵀY over the warm products (solved by ml-matrix), a column of ones
 * among X. With little to learn from, the map falls back to the mean of the warm vectors.
 *
 * features: [n, f] standardised, rows as the catalogue; `rowOfWarm[k]` is the catalogue's row of the k-th product of
 * `model`. → the artifact over all n products; gram and lambdaBySize stay those of the warm, from which users fold in.
 */
export function withColdProducts(
  model: Artifact,
  features: Matrix,
  rowOfWarm: readonly number[],
  productIds: readonly string[],
): Artifact {
  const { products, popularity } = model.tensors
  const dimension = products?.shape[1]
  if (products === undefined || popularity === undefined || dimension === undefined)
    throw new Error('cold products: the model has no product vectors')
  const x = withOnes(features)
  const predicted = x.mmul(ridgeMap(x.selection([...rowOfWarm], range(x.columns)), vectorsOf(products.data, dimension)))
  const all = Float32Array.from(predicted.to1DArray())
  const counts = new Float32Array(productIds.length)
  rowOfWarm.forEach((row, warm) => {
    all.set(Float32Array.from(products.data.subarray(warm * dimension, (warm + 1) * dimension)), row * dimension)
    counts[row] = popularity.data[warm]!
  })
  return {
    metadata: {
      ...model.metadata,
      productIds: JSON.stringify(productIds),
      coldProducts: String(productIds.length - rowOfWarm.length),
    },
    tensors: {
      ...model.tensors,
      products: { shape: [productIds.length, dimension], data: all },
      popularity: { shape: [productIds.length], data: counts },
    },
  }
}

/** [f, d] W = (XᵀX + ridge I)⁻¹ XᵀY; the last column of X, the ones, is not shrunk but for what keeps it solvable. */
export function ridgeMap(x: Matrix, y: Matrix): Matrix {
  const normal = x.transpose().mmul(x)
  for (let column = 0; column < x.columns; column++)
    normal.set(column, column, normal.get(column, column) + (column === x.columns - 1 ? 1e-9 : ridge))
  return new CholeskyDecomposition(normal).solve(x.transpose().mmul(y))
}

const range = (length: number): number[] => Array.from({ length }, (_, at) => at)
const withOnes = (features: Matrix): Matrix =>
  features.clone().addColumn(features.columns, new Array(features.rows).fill(1))
const vectorsOf = (data: ArrayLike<number>, dimension: number): Matrix =>
  Matrix.from1DArray(data.length / dimension, dimension, Array.from(data))
