import { type Rows, gramOf, type Vectors } from './halfStep.js'

export type Regularised = {
  readonly alpha0: number
  /** λ of a row of that size. */
  readonly lambdaOf: (size: number) => number
}

/**
 * What iALS minimises (the formula stands in ials.ts), of users' vectors x and products' vectors y in one basis; `rows`
 * are users', `columns` the same pairs by product. Per observed pair, so that curves of several data sets can be read beside each other.
 */
export function ialsObjective(
  users: Vectors,
  products: Vectors,
  [rows, ofUsers]: readonly [Rows, Regularised],
  [columns, ofProducts]: readonly [Rows, Regularised],
  everywhere: number = squaresEverywhere(users, products),
): number {
  const sum =
    misses(users, products, rows) +
    ofUsers.alpha0 * everywhere +
    lengths(users, rows, ofUsers.lambdaOf) +
    lengths(products, columns, ofProducts.lambdaOf)
  return sum / Math.max(1, rows.items.length)
}

/** Σ_{all u,i} (x_u·y_i)²: the trace of XᵀX YᵀY. */
export function squaresEverywhere(users: Vectors, products: Vectors): number {
  const [gramX, gramY] = [gramOf(users), gramOf(products)]
  return gramX.reduce((sum, value, at) => sum + value * gramY[at]!, 0)
}

/** Σ_{(u,i) taken} w (x_u·y_i − 1)² */
function misses({ dimension: d, data: x }: Vectors, { data: y }: Vectors, { offsets, items, weights }: Rows): number {
  let sum = 0
  for (let row = 0; row + 1 < offsets.length; row++)
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
      let score = -1
      for (let j = 0; j < d; j++) score += x[row * d + j]! * y[items[k]! * d + j]!
      sum += (weights === null ? 1 : weights[k]!) * score * score
    }
  return sum
}

/** Σ_r λ_r |v_r|², of the rows that have a pair: no other has a vector. */
function lengths(
  { dimension: d, data }: Vectors,
  { offsets, weights }: Rows,
  lambdaOf: Regularised['lambdaOf'],
): number {
  let sum = 0
  for (let row = 0; row + 1 < offsets.length; row++) {
    let [size, length] = [0, 0]
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) size += weights === null ? 1 : weights[k]!
    for (let j = 0; j < d; j++) length += data[row * d + j]! ** 2
    sum += length === 0 ? 0 : lambdaOf(Math.round(size)) * length
  }
  return sum
}
