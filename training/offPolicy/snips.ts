import { type Estimate, estimateOf } from './estimate.js'
import { checkLogged, type LoggedSlate, weightsOf, type WeightOptions } from './logged.js'

/**
 * Self-normalised inverse propensity scoring (Swaminathan and Joachims 2015, NeurIPS), rank by rank: with n slates, nᵣ
 * of them having a place r,
 *
 *   Vᵣ = Σᵢ wᵢᵣ Rᵢᵣ / Σᵢ wᵢᵣ,   V = Σᵣ (nᵣ / n) Vᵣ.
 *
 * Biased by O(1/n), and steadier than IPS: it stays within the rewards, and adding a constant to all adds it. The
 * interval is that of the linearised ratio, of scores sᵢ = Σᵣ Vᵣ + wᵢᵣ (Rᵢᵣ − Vᵣ) / w̄ᵣ. A rank that the target never
 * fills as logged counts 0. Throws a RangeError as IPS does.
 */
export function snips(slates: readonly LoggedSlate[], options: WeightOptions): Estimate {
  checkLogged(slates)
  const weights = weightsOf(slates, options)
  const means = meansByRank(slates, weights)
  const scores = Float64Array.from(slates, ({ places }, i) =>
    places.reduce((sum, { reward }, rank) => {
      const { value, meanWeight } = means[rank] ?? { value: Number.NaN, meanWeight: Number.NaN }
      const weight = weights[i]?.[rank] ?? Number.NaN
      return meanWeight === 0 ? sum : sum + value + (weight * (reward - value)) / meanWeight
    }, 0),
  )
  return estimateOf(slates, scores, weights, options)
}

type Mean = { readonly value: number; readonly meanWeight: number }

function meansByRank(slates: readonly LoggedSlate[], weights: readonly Float64Array[]): readonly Mean[] {
  const sums: { weighted: number; weights: number; n: number }[] = []
  slates.forEach(({ places }, i) =>
    places.forEach(({ reward }, rank) => {
      const sum = (sums[rank] ??= { weighted: 0, weights: 0, n: 0 })
      const weight = weights[i]?.[rank] ?? Number.NaN
      sum.weighted += weight * reward
      sum.weights += weight
      sum.n += 1
    }),
  )
  return sums.map((sum) => ({
    value: sum.weights === 0 ? 0 : sum.weighted / sum.weights,
    meanWeight: sum.weights / sum.n,
  }))
}
