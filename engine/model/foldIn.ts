import { dot } from './kernel.js'

/** One weighted product of an investor's past: row of the product matrix, weight > 0. */
export type Weighted = { readonly row: number; readonly weight: number }

export type FoldInModel = {
  /** [n, d] product factors. */
  readonly products: Float32Array
  readonly dimension: number
  /** [d, d] α0 · YᵀY. */
  readonly gram: Float64Array
  /** λ_u by the rounded sum of the past's weights; a longer past takes the last. A table, for a power is not portable. */
  readonly lambdaBySize: Float64Array
}

/**
 * An investor's iALS factors given the products': u = (α0 YᵀY + Σ w y yᵀ + λ_u I)⁻¹ Σ w y, the sums over his past.
 * Hu, Koren, Volinsky 2008, eq. 4, with the weights of Rendle et al. 2021. [d] in single precision.
 */
export function foldIn(model: FoldInModel, past: readonly Weighted[]): Float32Array {
  const { products, dimension: d, gram, lambdaBySize } = model
  const a = Float64Array.from(gram)
  const b = new Float64Array(d)
  let mass = 0
  for (const { row, weight } of past) {
    mass += weight
    const from = row * d
    for (let i = 0; i < d; i++) {
      const wy = weight * products[from + i]!
      b[i] = b[i]! + wy
      for (let j = 0; j <= i; j++) a[i * d + j] = a[i * d + j]! + wy * products[from + j]!
    }
  }
  const lambda = lambdaBySize[Math.min(Math.round(mass), lambdaBySize.length - 1)]!
  for (let i = 0; i < d; i++) a[i * d + i] = a[i * d + i]! + lambda
  return Float32Array.from(solveCholesky(a, b, d))
}

/** λ must be so much of the largest sum that it stands beside: below it double precision would decide. */
const leastShare = 1e-12
const leastLambda = 1e-20

/**
 * Why some investor's equations could not be solved in double precision; null where all can: λ outweighs rounding, and
 * the gram matrix is positive semi-definite, so that what a past adds keeps it so.
 */
export function unsolvable({ products, dimension: d, gram, lambdaBySize }: FoldInModel): string | null {
  let longest = 0
  for (let from = 0; from < products.length; from += d)
    longest = Math.max(longest, dot(products, from, products, from, d))
  let trace = 0
  for (let i = 0; i < d; i++) trace += gram[i * d + i]!
  const least = lambdaBySize.reduce((smaller, value) => Math.min(smaller, value), Infinity)
  if (!(least >= leastLambda && least >= leastShare * (trace + longest * lambdaBySize.length)))
    return `tensor lambdaBySize holds ${least}, too little beside gram and products`
  const eased = Float64Array.from(gram)
  for (let i = 0; i < d; i++) eased[i * d + i] = eased[i * d + i]! + least / 2
  try {
    solveCholesky(eased, new Float64Array(d), d)
    return null
  } catch {
    return 'tensor gram is not positive semi-definite'
  }
}

/** Solves A x = b for a symmetric positive definite A, of which only the lower triangle is read; A is overwritten. */
export function solveCholesky(a: Float64Array, b: Float64Array, d: number): Float64Array {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j]!
      for (let k = 0; k < j; k++) sum -= a[i * d + k]! * a[j * d + k]!
      if (i !== j) a[i * d + j] = sum / a[j * d + j]!
      else if (sum > 0) a[i * d + i] = Math.sqrt(sum)
      else throw new Error(`matrix is not positive definite (pivot ${i}): the model's gram or λ is broken`)
    }
  }
  const x = Float64Array.from(b)
  for (let i = 0; i < d; i++) {
    let sum = x[i]!
    for (let k = 0; k < i; k++) sum -= a[i * d + k]! * x[k]!
    x[i] = sum / a[i * d + i]!
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = x[i]!
    for (let k = i + 1; k < d; k++) sum -= a[k * d + i]! * x[k]!
    x[i] = sum / a[i * d + i]!
  }
  return x
}
