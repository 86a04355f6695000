import { type Interactions, transposed, userCount } from '../../interactions.js'

/** Compressed rows: row r holds values[k] in the columns items[k], k from offsets[r] up to offsets[r + 1], ascending. */
export type Sparse = {
  readonly columns: number
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly values: Float64Array
}

/** A matrix of users × items and its transpose. */
export type BothWays = { readonly byUser: Sparse; readonly byItem: Sparse }

/**
 * M = D_u^−a R D_i^−b, R being the interactions (their weights, or 1), D_u and D_i the sums of its rows and columns.
 * a = b = ½ is the symmetric normalisation of graph filters.
 */
export function normalised(interactions: Interactions, userExponent: number, itemExponent: number): BothWays {
  const byItem = transposed(interactions)
  const users = powers(interactions, userExponent)
  const items = powers(byItem, itemExponent)
  return {
    byUser: scaled(interactions, interactions.itemIds.length, users, items),
    byItem: scaled(byItem, userCount(interactions), items, users),
  }
}

type Rows = Pick<Interactions, 'offsets' | 'items' | 'weights'>

/** Σ of each row, to the power −exponent; 0 for a row without any. */
export function powers({ offsets, weights }: Rows, exponent: number): Float64Array {
  return Float64Array.from({ length: offsets.length - 1 }, (_, row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!]
    let sum = weights === null ? to - from : 0
    if (weights !== null) for (let k = from; k < to; k++) sum += weights[k]!
    return sum > 0 ? Math.pow(sum, -exponent) : 0
  })
}

function scaled({ offsets, items, weights }: Rows, columns: number, left: Float64Array, right: Float64Array): Sparse {
  const values = new Float64Array(items.length)
  for (let row = 0; row + 1 < offsets.length; row++)
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++)
      values[k] = left[row]! * right[items[k]!]! * (weights === null ? 1 : weights[k]!)
  return { columns, offsets, items, values }
}

/** matrix [r, c] · dense [c, d] → [r, d], row by row. */
export function timesDense({ offsets, items, values }: Sparse, dense: Float64Array, d: number): Float64Array {
  const rows = offsets.length - 1
  const product = new Float64Array(rows * d)
  for (let row = 0; row < rows; row++) {
    const to = row * d
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
      const [value, from] = [values[k]!, items[k]! * d]
      for (let j = 0; j < d; j++) product[to + j]! += value * dense[from + j]!
    }
  }
  return product
}
