import { solveInPlace } from '../cholesky.js'

const mostSteps = 50

/**
 * Logistic regression with weights and an L2 penalty, by Newton's method (iteratively reweighted least squares):
 *
 *   min_β  Σᵢ wᵢ log(1 + e^(−sᵢ xᵢ·β)) + λ/2 Σ_{j>0} βⱼ²,   s = ±1.
 *
 * x: [n, d] row by row, column 0 being 1, which is not penalised; labels: [n] 0 or 1; weights: [n] from 0 → β [d]. A step
 * that would not improve is halved.
 * Throws a RangeError where the labels that weigh anything are all alike.
 */
export function fitRidgeLogistic(
  x: Float64Array,
  labels: Uint8Array,
  weights: Float64Array,
  lambda: number,
): Float64Array {
  const d = x.length / labels.length
  const known = new Set(Array.from(labels).filter((_, i) => weights[i]! > 0))
  if (known.size < 2) throw new RangeError('logistic regression: all labels are alike')
  let beta = new Float64Array(d)
  let loss = lossOf(x, labels, weights, lambda, beta)
  for (let step = 0; step < mostSteps; step++) {
    const direction = newtonStep(x, labels, weights, lambda, beta)
    let size = 1
    let next = moved(beta, direction, size)
    let better = lossOf(x, labels, weights, lambda, next)
    while (!(better <= loss) && size > 1e-6) {
      next = moved(beta, direction, (size /= 2))
      better = lossOf(x, labels, weights, lambda, next)
    }
    const gain = loss - better
    if (!(gain > 0)) break
    beta = next
    loss = better
    if (gain < 1e-10 * (1 + loss)) break
  }
  return beta
}

/** [n] x · β */
export function logitsOf(x: Float64Array, beta: Float64Array): Float64Array {
  const d = beta.length
  return Float64Array.from({ length: x.length / d }, (_, row) => {
    let sum = 0
    for (let j = 0; j < d; j++) sum += x[row * d + j]! * beta[j]!
    return sum
  })
}

export const probability = (logit: number): number => 1 / (1 + Math.exp(-logit))

const moved = (beta: Float64Array, direction: Float64Array, size: number): Float64Array<ArrayBuffer> =>
  beta.map((value, j) => value + size * direction[j]!)

function lossOf(
  x: Float64Array,
  labels: Uint8Array,
  weights: Float64Array,
  lambda: number,
  beta: Float64Array,
): number {
  let loss = 0
  logitsOf(x, beta).forEach((logit, row) => {
    const margin = labels[row] === 1 ? logit : -logit
    loss += weights[row]! * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin)
  })
  for (let j = 1; j < beta.length; j++) loss += (lambda / 2) * beta[j]! * beta[j]!
  return loss
}

function newtonStep(x: Float64Array, labels: Uint8Array, weights: Float64Array, lambda: number, beta: Float64Array) {
  const d = beta.length
  const hessian = new Float64Array(d * d)
  const gradient = new Float64Array(d)
  logitsOf(x, beta).forEach((logit, row) => {
    const weight = weights[row]!
    if (weight === 0) return
    const p = probability(logit)
    const curvature = weight * p * (1 - p)
    const error = weight * (labels[row]! - p)
    for (let i = 0; i < d; i++) {
      const xi = x[row * d + i]!
      gradient[i] = gradient[i]! + error * xi
      if (xi !== 0)
        for (let j = 0; j <= i; j++) hessian[i * d + j] = hessian[i * d + j]! + curvature * xi * x[row * d + j]!
    }
  })
  for (let i = 0; i < d; i++) {
    // A sliver on the intercept keeps the matrix definite where all is already told.
    hessian[i * d + i] = hessian[i * d + i]! + (i === 0 ? 1e-9 : lambda)
    if (i > 0) gradient[i] = gradient[i]! - lambda * beta[i]!
  }
  solveInPlace(hessian, gradient, d, d)
  return gradient
}
