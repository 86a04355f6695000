import { type Estimate, estimateOf } from './estimate.js'
import { checkLogged, type LoggedSlate, weightsOf, type WeightOptions } from './logged.js'

/**
 * Inverse propensity scoring (Horvitz and Thompson 1952, JASA 47): over n slates with places r,
 *
 *   V = 1/n Σᵢ Σᵣ wᵢᵣ Rᵢᵣ,   w = Π target / propensity over what `reach` says.
 *
 * Unbiased without clipping, where the logging policy might have shown whatever the target would. Its spread grows with
 * the weights. Throws a RangeError that names the events whose propensity is missing or outside (0, 1].
 */
export function ips(slates: readonly LoggedSlate[], options: WeightOptions): Estimate {
  checkLogged(slates)
  const weights = weightsOf(slates, options)
  const scores = Float64Array.from(slates, ({ places }, i) =>
    places.reduce((sum, { reward }, rank) => sum + (weights[i]?.[rank] ?? Number.NaN) * reward, 0),
  )
  return estimateOf(slates, scores, weights, options)
}
