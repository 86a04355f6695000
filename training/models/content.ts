import { type Matrix } from 'ml-matrix'
import { type Artifact } from '../../engine/model/artifact.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type Product } from '../../features/schema/product.js'
import { type Instant } from '../../features/schema/time.js'
import { type ContentConfig } from './config.js'
import { principalComponents } from './principalComponents.js'
import { standardised } from './standardised.js'

/**
 * For a catalogue without interactions, or with few: the principal components of the standardised product features
 * (principalComponents.ts), centred and of length 1, so that a dot product is a cosine. An investor is
 * the mean of what he holds or viewed, else the centre of his level's products (engine/model).
 *
 * `popularity` [n] ranks for those of whom nothing is known; `at` is the instant as of which features are computed.
 * Products without any distinguishing fact have the vector 0. Throws a RangeError for an empty catalogue.
 */
export function fitContent(
  products: readonly Product[],
  popularity: Float32Array,
  at: Instant,
  config: ContentConfig,
): Artifact {
  const { matrix, featureNames, means, scales } = standardised(products, at)
  const dimension = Math.min(config.dimension, featureNames.length)
  const { projected, explained } = principalComponents(matrix, dimension)
  const vectors = unitRows(projected, dimension)
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'content',
      productIds: JSON.stringify(products.map(({ id }) => id)),
      dimension: String(dimension),
      viewWeight: String(config.viewWeight),
      features: JSON.stringify(featureNames),
      explainedVariance: explained.toFixed(6),
      asOf: String(at),
    },
    tensors: {
      products: { shape: [products.length, dimension], data: vectors },
      levelCentres: { shape: [5, dimension], data: levelCentres(products, vectors, dimension) },
      popularity: { shape: [products.length], data: popularity },
      featureMeans: { shape: [means.length], data: means },
      featureScales: { shape: [scales.length], data: scales },
    },
  }
}

/** [n, d] rows of length 1; a row of zeros stays one. */
function unitRows(rows: Matrix, dimension: number): Float32Array {
  const unit = new Float32Array(rows.rows * dimension)
  for (let row = 0; row < rows.rows; row++) {
    let squares = 0
    for (let j = 0; j < dimension; j++) squares += rows.get(row, j) * rows.get(row, j)
    const scale = squares > 1e-18 ? 1 / Math.sqrt(squares) : 0
    for (let j = 0; j < dimension; j++) unit[row * dimension + j] = rows.get(row, j) * scale
  }
  return unit
}

/**
 * [5, d] the direction of the mean of each level's products, R1 to R5. A level without products takes the nearest
 * lower one's, then the nearest higher one's: the filter, not the centre, keeps an investor within his level.
 */
function levelCentres(products: readonly Product[], vectors: Float32Array, dimension: number): Float32Array {
  const sums = [1, 2, 3, 4, 5].map((level) => {
    const sum = new Float64Array(dimension)
    let members = 0
    products.forEach(({ rating }, row) => {
      if (rating === null || levelNumber(rating.level) !== level) return
      members++
      for (let j = 0; j < dimension; j++) sum[j]! += vectors[row * dimension + j]!
    })
    return members === 0 ? null : sum
  })
  const centres = new Float32Array(5 * dimension)
  sums.forEach((_, at) => {
    const sum =
      sums.slice(0, at + 1).findLast((other) => other !== null) ?? sums.slice(at).find((other) => other !== null)
    const length = Math.sqrt((sum ?? new Float64Array()).reduce((total, value) => total + value * value, 0))
    if (sum != null && length > 1e-9)
      centres.set(
        sum.map((value) => value / length),
        at * dimension,
      )
  })
  return centres
}
