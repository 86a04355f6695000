import { kaplanMeier, type Lifetime } from './kaplanMeier.js'

export type RestrictedMean = { readonly mean: number; readonly variance: number }

/**
 * Mean time lasted, of which no more than `horizon` is counted: the area under the Kaplan–Meier curve up to there, with
 * the variance of Greenwood's kind (Irwin 1949; Klein and Moeschberger 2003, Survival Analysis, eq. 4.5.1 and 4.5.2),
 *
 *   μ̂ = ∫₀^τ Ŝ(t) dt,   V̂ = Σᵢ (∫_{tᵢ}^τ Ŝ(t) dt)² dᵢ / (nᵢ (nᵢ − dᵢ)).
 *
 * Where the last was censored before τ, Ŝ is carried on as it stood. In [0, τ], same unit as the times. Null where
 * there is nothing to estimate from. Throws a RangeError for a time below 0.
 */
export function restrictedMean(lifetimes: readonly Lifetime[], horizon: number): RestrictedMean | null {
  if (lifetimes.length === 0) return null
  const steps = kaplanMeier(lifetimes).filter(({ time }) => time < horizon)
  let [area, variance, until] = [0, 0, horizon]
  // From the right: the area beyond each step is then at hand.
  for (const { time, survival, atRisk, ended } of steps.reverse()) {
    area += survival * (until - time)
    if (atRisk > ended) variance += (area * area * ended) / (atRisk * (atRisk - ended))
    until = time
  }
  return { mean: area + until, variance }
}

/** Restricted means of two independent groups: first less second; the variances add up. Null where either is empty. */
export function restrictedMeanDifference(
  first: readonly Lifetime[],
  second: readonly Lifetime[],
  horizon: number,
): RestrictedMean | null {
  const [a, b] = [restrictedMean(first, horizon), restrictedMean(second, horizon)]
  return a && b && { mean: a.mean - b.mean, variance: a.variance + b.variance }
}
