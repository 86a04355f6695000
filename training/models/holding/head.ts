import { type Term } from '../../../engine/ranking/terms.js'
import { productVector } from '../../../features/definitions/vectors.js'
import { type Product } from '../../../features/schema/product.js'
import { type Instant } from '../../../features/schema/time.js'
import { crosses, investorIds, productIds, standardised } from './columns.js'
import { type HoldingModel } from './fit.js'

/**
 * What the ranking stage of a blend (engine/ranking/terms.ts) adds of it: a column of the products, and columns of theirs
 * times a standardised feature of the investor, weighted. It is the model's log odds but for what does not tell the
 * candidates of one investor apart: the intercept and his own features.
 */
export type HoldingHead = {
  readonly terms: readonly Extract<Term, { of: 'product' }>[]
  /** [terms] */
  readonly weights: Float64Array
  /** [n] each, by name. */
  readonly columns: Readonly<Record<string, Float32Array>>
  /** The investor's features that the terms name, and how they are standardised. */
  readonly investor: { readonly ids: readonly string[]; readonly means: Float32Array; readonly scales: Float32Array }
}

const columnOf = (feature: string): string => `holding:${feature}`

/** The head over a release's products, in their order, as they are known at `at`. */
export function holdingHead(
  { scalings, weights }: HoldingModel,
  products: readonly Product[],
  at: Instant,
): HoldingHead {
  const rows = products.map((product) => standardised(productVector(product, at), scalings.product))
  const own = weights.subarray(1, 1 + productIds.length)
  const crossed = weights.subarray(1 + productIds.length + investorIds.length)
  const used = [...new Set(crosses.map(([product]) => product))]
  const columns: Record<string, Float32Array> = {
    holding: Float32Array.from(rows, (row) => row.reduce((sum, value, column) => sum + value * own[column]!, 0)),
  }
  for (const feature of used)
    columns[columnOf(feature)] = Float32Array.from(rows, (row) => row[productIds.indexOf(feature)]!)
  const ids = [...new Set(crosses.map(([, investor]) => investor))]
  const picked = (values: Float32Array): Float32Array =>
    Float32Array.from(ids, (id) => values[investorIds.indexOf(id)]!)
  return {
    terms: [
      { of: 'product', column: 'holding', times: null },
      ...crosses.map(([product, times]) => ({ of: 'product', column: columnOf(product), times }) as const),
    ],
    weights: Float64Array.from([1, ...crossed]),
    columns,
    investor: { ids, means: picked(scalings.investor.means), scales: picked(scalings.investor.scales) },
  }
}
