/**
 * Mean self-information of the first k shown, in bits (Zhou et al. 2010, PNAS 107(10), "surprisal"):
 *
 *   1/k Σ log₂((u + 1) / (c + 1)),   c of the u investors having bought the product before.
 *
 * One is added to both, for a product that nobody bought would else count infinitely much: 0 bits where all bought it,
 * log₂(u + 1) where none did. Null where nothing was shown.
 */
export function novelty(buyers: readonly number[], investors: number, k: number): number | null {
  const top = buyers.slice(0, k)
  if (top.length === 0) return null
  return top.reduce((sum, count) => sum + Math.log2((investors + 1) / (count + 1)), 0) / top.length
}
