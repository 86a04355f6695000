/** One place of a slate that was shown. */
export type LoggedPlace = {
  /** Id of the exposure: faults name it. */
  readonly eventId: string
  /** With which probability the logging policy put this product here, given those above; null: not logged. */
  readonly propensity: number | null
  /** With which probability the target policy would have, given the same above, 0 to 1. */
  readonly target: number
  /** What came of it: 1 for a view or a purchase, or an amount. */
  readonly reward: number
}

/** A slate by rank, and the investor who saw it: one investor's slates depend on each other, different ones' do not. */
export type LoggedSlate<Place extends LoggedPlace = LoggedPlace> = {
  readonly investorId: string
  readonly places: readonly Place[]
}

/**
 * On which places a place's reward depends, and so what it is weighted by, w = Π target / propensity over these:
 *
 * - `place`: on the product there alone; both probabilities must then be marginal ones of that place (item–position
 *   model, Li et al. 2018, KDD, "Offline evaluation of ranking policies with click models");
 * - `prefix`: on it and on those above (McInerney et al. 2020, KDD, "Counterfactual evaluation of slate recommendations
 *   with sequential reward interactions");
 * - `slate`: on all of the slate.
 *
 * The wider, the more it holds for, and the wider the interval.
 */
export type Reach = 'place' | 'prefix' | 'slate'

export type WeightOptions = {
  readonly reach: Reach
  /** A weight above it counts as this: a narrower interval around a value that is too near the logging policy's. */
  readonly clip: number | null
}

/** Events that a message names. */
const named = 3

/** Throws a RangeError that counts the faulty and names the first of them. */
export function checkLogged(slates: readonly LoggedSlate[]): void {
  if (slates.length === 0) throw new RangeError('off-policy: there is no slate; log exposures with their propensities')
  const places = slates.flatMap((slate) => slate.places)
  const faults: readonly [string, (place: LoggedPlace) => boolean][] = [
    ['have no propensity: log the probability with which each was shown', ({ propensity }) => propensity === null],
    [
      'have a propensity outside (0, 1]',
      ({ propensity }) => propensity !== null && !(propensity > 0 && propensity <= 1),
    ],
    ['have a target probability outside [0, 1]', ({ target }) => !(target >= 0 && target <= 1)],
    ['have a reward that is not finite', ({ reward }) => !Number.isFinite(reward)],
  ]
  for (const [fault, isFaulty] of faults) {
    const found = places.filter(isFaulty)
    if (found.length === 0) continue
    const some = found.slice(0, named).map(({ eventId }) => eventId)
    const others = found.length > named ? ' and others' : ''
    throw new RangeError(
      `off-policy: ${found.length} of ${places.length} exposures ${fault} (events ${some.join(', ')}${others})`,
    )
  }
}

/** → by slate [places] importance weights, clipped. */
export function weightsOf(slates: readonly LoggedSlate[], { reach, clip }: WeightOptions): Float64Array[] {
  const most = clip ?? Infinity
  return slates.map(({ places }) => {
    const ratios = Float64Array.from(places, ({ target, propensity }) => target / (propensity ?? Number.NaN))
    return reached(ratios, reach).map((weight) => Math.min(weight, most))
  })
}

function reached(ratios: Float64Array, reach: Reach): Float64Array {
  if (reach === 'place') return ratios
  let product = 1
  const running = ratios.map((ratio) => (product *= ratio))
  return reach === 'prefix' ? running : running.fill(product)
}
