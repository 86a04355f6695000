import { compareIds } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { integerScore } from '../model/kernel.js'
import { type Model } from '../model/model.js'

/** The candidates scored anew by the model's ranking stage, best first, ties by id; as nominated where it has none. */
export function rank<T extends { readonly product: Product; readonly score: number }>(
  model: Model,
  nominated: readonly T[],
  investor: InvestorSnapshot,
  at: Instant,
): readonly T[] {
  if (model.rank === null || nominated.length === 0) return nominated
  const products = nominated.map(({ product }) => product)
  const scores = model.rank(
    investor,
    at,
    Int32Array.from(products, ({ id }) => model.rowOf.get(id) ?? -1),
    products,
  )
  return nominated
    .map((candidate, place) => ({ ...candidate, score: integerScore(scores[place] ?? Number.NaN) }))
    .sort((a, b) => b.score - a.score || compareIds(a.product.id, b.product.id))
}
