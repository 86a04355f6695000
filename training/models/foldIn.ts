import { type Artifact } from '../../engine/model/artifact.js'
import { halfStep, type Rows } from './halfStep.js'

/**
 * Vectors of many users at once from an iALS artifact, [users, d], and the products' vectors in the same (turned)
 * basis, [n, d]: dot products are the scores. `engine/model` folds in one investor at a time from the stated formula
 * (see ials.ts); a test holds the two together.
 */
export function foldIn(
  artifact: Artifact,
  rows: Rows,
): { readonly users: Float32Array; readonly products: Float32Array } {
  const { metadata, tensors } = artifact
  const { products, lambdaBySize } = tensors
  if (metadata['kind'] !== 'ials' || products === undefined || lambdaBySize === undefined)
    throw new Error(`fold-in: the model is of kind ${String(metadata['kind'])}, want ials`)
  const [count = 0, dimension = 0] = products.shape
  const turned = { count, dimension, data: Float64Array.from(products.data) }
  const { data: lambdas } = lambdaBySize
  const users = halfStep(
    turned,
    rows,
    Number(metadata['alpha0']),
    (size) => lambdas[Math.min(size, lambdas.length - 1)]!,
  )
  return { users: Float32Array.from(users.data), products: Float32Array.from(turned.data) }
}
