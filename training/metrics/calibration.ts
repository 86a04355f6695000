/** Share of the past's own mix that is blended into the slate's, so that a kind that is not shown costs a finite amount. */
const smoothing = 0.01

/**
 * Miscalibration of a slate to an investor's own mix of kinds (Steck 2018, RecSys, eq. 4 to 7): the Kullback–Leibler
 * divergence, in nats,
 *
 *   KL(p ‖ q̃) = Σ_g p(g) ln(p(g) / q̃(g)),   q̃ = (1 − α) q + α p,   α = .01,
 *
 * p the mix of what he bought, q that of what he is shown. Both are given as weights a kind, in the same order, and need
 * not sum to 1. 0 where the mixes agree, ln(1/α) = 4.61 where they have no kind in common; lower is better.
 * Null where he bought nothing or is shown nothing.
 */
export function miscalibration(bought: readonly number[], shown: readonly number[]): number | null {
  const [p, q] = [sharesOf(bought), sharesOf(shown)]
  if (p === null || q === null) return null
  return p.reduce((sum, own, kind) => {
    const blended = (1 - smoothing) * (q[kind] ?? 0) + smoothing * own
    return own > 0 ? sum + own * Math.log(own / blended) : sum
  }, 0)
}

function sharesOf(weights: readonly number[]): number[] | null {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return sum > 0 ? weights.map((weight) => weight / sum) : null
}
