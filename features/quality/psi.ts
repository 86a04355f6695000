/** Below this a share counts as so much: an empty bin would make the logarithm infinite. */
export const floorShare = 1e-4

/**
 * Population stability index of two distributions over the same bins,
 *
 *   PSI = Σ (aᵢ − eᵢ) ln(aᵢ / eᵢ),
 *
 * the symmetrised Kullback–Leibler divergence; e, a: [n] shares expected and actual, each raised to `floorShare`.
 * Siddiqi, Credit Risk Scorecards (2006), p. 136, reads below 0.1 as no change, up to 0.25 as some, above as a shift.
 * Throws a RangeError for distributions over different bins.
 */
export function psi(expected: readonly number[], actual: readonly number[]): number {
  if (expected.length !== actual.length)
    throw new RangeError(`psi: ${expected.length} bins expected and ${actual.length} actual; want the same bins`)
  let sum = 0
  for (const [bin, share] of expected.entries()) {
    const [e, a] = [Math.max(share, floorShare), Math.max(actual[bin] ?? 0, floorShare)]
    sum += (a - e) * Math.log(a / e)
  }
  return sum
}

/**
 * What PSI comes to on average where nothing changed: (B − 1)(1/n + 1/m) for samples of n and m over B bins
 * (Yurdakul, Statistical Properties of Population Stability Index, 2018). Infinite where a sample is empty.
 */
export const psiByChance = (bins: number, n: number, m: number): number => Math.max(0, bins - 1) * (1 / n + 1 / m)

export const drifts = ['unknown', 'little', 'some', 'much'] as const
export type Drift = (typeof drifts)[number]

/** PSI above which there is some drift, and much. */
export const someDrift = 0.1
export const muchDrift = 0.25

/** Half of what would be taken for some drift: beyond it chance alone could be. */
const mostByChance = someDrift / 2

/** Fewer values, of either side, tell nothing: a single one in a bin that was empty would count for too much. */
export const leastValues = 200

/** `unknown` where the samples, the smaller of `fewest` values, do not suffice to tell. */
export const driftOf = (value: number | null, byChance: number, fewest: number): Drift => {
  if (value === null || fewest < leastValues || byChance > mostByChance) return 'unknown'
  return value < someDrift ? 'little' : value < muchDrift ? 'some' : 'much'
}
