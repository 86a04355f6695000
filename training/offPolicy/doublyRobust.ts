import { type Estimate, estimateOf } from './estimate.js'
import { checkLogged, type LoggedPlace, type LoggedSlate, weightsOf, type WeightOptions } from './logged.js'

/** A place with what a model of the rewards expects; the model must not have seen this investor (rewardModel.ts). */
export type ModelledPlace = LoggedPlace & {
  /** Of the product that was shown here. */
  readonly modelled: number
  /** Of what the target policy would show here: Σ over products of its marginal probability times what is expected. */
  readonly modelledTarget: number
}

/**
 * Doubly robust (Dudík, Langford and Li 2011, ICML), place by place, m what the model expects:
 *
 *   V = 1/n Σᵢ Σᵣ m(target)ᵢᵣ + wᵢᵣ (Rᵢᵣ − mᵢᵣ).
 *
 * Unbiased where the propensities are right, whatever the model, and where the model is right, whatever the
 * propensities; the better the model, the narrower. Throws a RangeError as IPS does, and where the model is not finite.
 */
export function doublyRobust(slates: readonly LoggedSlate<ModelledPlace>[], options: WeightOptions): Estimate {
  checkLogged(slates)
  const faulty = slates
    .flatMap(({ places }) => places)
    .find(({ modelled, modelledTarget }) => !Number.isFinite(modelled + modelledTarget))
  if (faulty !== undefined)
    throw new RangeError(`off-policy: what the model expects of event ${faulty.eventId} is not finite`)
  const weights = weightsOf(slates, options)
  const scores = Float64Array.from(slates, ({ places }, i) =>
    places.reduce(
      (sum, { reward, modelled, modelledTarget }, rank) =>
        sum + modelledTarget + (weights[i]?.[rank] ?? Number.NaN) * (reward - modelled),
      0,
    ),
  )
  return estimateOf(slates, scores, weights, options)
}
