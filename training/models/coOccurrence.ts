import { type Interactions, itemsOf, userCount } from '../interactions.js'

/** Above it, a dense matrix of products by products is refused: 10,000 take 800 MB. */
export const mostProducts = 10_000

/**
 * How often two products were taken by the same user, [n, n]: co(i,j) = Σ_u √(w_ui w_uj), so that the diagonal holds
 * the products' counts, and a pair decays as its elements do. Throws a RangeError above `mostProducts` products.
 */
export function coOccurrence(interactions: Interactions): Float64Array {
  const n = interactions.itemIds.length
  if (n > mostProducts)
    throw new RangeError(
      `a matrix of ${n} by ${n} products: want at most ${mostProducts}; use iALS or a spectral model`,
    )
  const counts = new Float64Array(n * n)
  const roots = interactions.weights?.map(Math.sqrt) ?? null
  for (let user = 0; user < userCount(interactions); user++) {
    const items = itemsOf(interactions, user)
    const start = interactions.offsets[user] ?? 0
    for (let a = 0; a < items.length; a++) {
      const row = items[a]! * n
      for (let b = 0; b < items.length; b++)
        counts[row + items[b]!]! += roots === null ? 1 : roots[start + a]! * roots[start + b]!
    }
  }
  return counts
}
