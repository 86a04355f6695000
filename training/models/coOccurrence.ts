import { type Interactions, itemsOf, userCount } from '../interactions.js'

/** Above it, a dense matrix of products by products is refused: 10,000 take 800 MB. */
export const mostProducts = 10_000

/**
 * How often two products were taken by the same user, [n, n]: co(i,j) = Σ_u √(w_ui w_uj), so that the diagonal holds
 * the products' counts, and a pair decays as its elements do. Throws a RangeError above `mostProducts` products.
 */
export function coOccurrence(interactions: Interactions): Float64Array {
  const n = interactions.itemIds.length
  requireFew(n)
  const counts = new Float64Array(n * n)
  addCoOccurrence(
    interactions,
    Int32Array.from({ length: n }, (_, item) => item),
    counts,
    n,
  )
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) counts[i * n + j] = counts[j * n + i]!
  return counts
}

export function requireFew(products: number): void {
  if (products > mostProducts)
    throw new RangeError(
      `a matrix of ${products} by ${products} products: want at most ${mostProducts}; use iALS, a spectral model, or ease with a rank`,
    )
}

/** The same added to the upper triangle of rows of `stride`; `place` is each product's row, ascending with it. */
export function addCoOccurrence(
  interactions: Interactions,
  place: Int32Array,
  counts: Float64Array,
  stride: number,
): void {
  const roots = interactions.weights?.map(Math.sqrt) ?? null
  for (let user = 0; user < userCount(interactions); user++) {
    const items = itemsOf(interactions, user)
    const start = interactions.offsets[user] ?? 0
    for (let a = 0; a < items.length; a++) {
      const row = place[items[a]!]! * stride
      for (let b = a; b < items.length; b++)
        counts[row + place[items[b]!]!]! += roots === null ? 1 : roots[start + a]! * roots[start + b]!
    }
  }
}
