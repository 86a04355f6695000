import { Matrix } from 'ml-matrix'
import { productFeatures } from '../../features/definitions/catalogue.js'
import { productVector } from '../../features/definitions/vectors.js'
import { type Product } from '../../features/schema/product.js'
import { type Instant } from '../../features/schema/time.js'

/** Product features with mean 0 and variance 1 a column; what is missing stands at the mean, 0. */
export type Standardised = {
  /** [n, f], n and f at least 1. */
  readonly matrix: Matrix
  readonly featureNames: readonly string[]
  /** [f] */
  readonly means: Float64Array
  /** [f] standard deviations; 1 for a column that does not vary, which is 0 throughout. */
  readonly scales: Float64Array
}

/** Beyond so many standard deviations a value is cut: one fund that rose tenfold must not bend all axes. */
const widest = 4

/** Throws a RangeError without products. */
export function standardised(products: readonly Product[], at: Instant): Standardised {
  if (products.length === 0) throw new RangeError('product features: the catalogue is empty; import products first')
  const vectors = products.map((product) => productVector(product, at))
  const width = productFeatures.length
  const means = new Float64Array(width)
  const scales = new Float64Array(width)
  const matrix = Matrix.zeros(products.length, width)
  for (let column = 0; column < width; column++) {
    const known = vectors.map((vector) => vector[column]!).filter((value) => !Number.isNaN(value))
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
    const variance = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, known.length)
    means[column] = mean
    scales[column] = variance > 0 ? Math.sqrt(variance) : 1
    vectors.forEach((vector, row) => {
      const value = (vector[column]! - mean) / scales[column]!
      matrix.set(row, column, Number.isNaN(value) ? 0 : Math.max(-widest, Math.min(widest, value)))
    })
  }
  return { matrix, featureNames: productFeatures.map(({ name }) => name), means, scales }
}
