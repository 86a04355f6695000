import { compareFeatures } from '../../features/quality/compared.js'
import { countsOf } from '../../features/quality/counts.js'
import { edgesFor } from '../../features/quality/reference.js'
import { type Shift, shiftsOf } from '../../features/quality/shifted.js'
import { type Interactions, interactionTypes } from '../../features/history/port.js'
import { type Instant } from '../../features/schema/time.js'
import { vectorsOfTraining } from '../../training/reference.js'
import { type TrainingHome } from '../trainingHome.js'
import { incumbentOf } from './incumbent.js'

/** Beyond which a model is trained again. */
export type DriftBounds = {
  /** PSI of a feature against the training set of the model that serves. */
  readonly psi: number
  /** New purchases since, as a share of those that it learnt from. */
  readonly newPurchases: number
}

export type Drifted = {
  readonly drifted: boolean
  readonly because: string
  /** Features above the bound, the worst first. */
  readonly shifts: readonly Shift[]
  /** Of all purchases that the serving model learnt from; null where none is active. */
  readonly newPurchases: number | null
}

/**
 * Whether what investors and products are now lies so far from what the serving model learnt from that it should be
 * trained again, and why or why not. Investors are compared as they were known at their purchases since then.
 */
export async function driftedSince(
  home: TrainingHome,
  asOf: Instant,
  seed: number,
  bounds: DriftBounds,
): Promise<Drifted> {
  const incumbent = await incumbentOf(home)
  const reference = incumbent && (await home.releases.featureReference(incumbent.digest))
  if (!reference) {
    const because = incumbent === null ? 'no model serves yet' : 'of the serving model no training set is known'
    return { drifted: true, because, shifts: [], newPurchases: null }
  }
  const recorded = await home.history.interactions(asOf)
  const [before, since] = purchasesAround(recorded, reference.asOf)
  const share = since / Math.max(1, before)
  const [catalogue, profiles] = [await home.catalogueLog.asOf(null, asOf), home.history.profilesKnown(asOf)]
  const now = await vectorsOfTraining({ catalogue, recorded, profiles, asOf, seed }, reference.asOf)
  const compared = compareFeatures(reference, {
    investor: countsOf(edgesFor(reference, 'investor'), now.investors),
    product: countsOf(edgesFor(reference, 'product'), now.products),
  })
  const shifts = shiftsOf(compared, bounds.psi)
  return { ...decided(shifts, share, since, bounds), shifts, newPurchases: share }
}

function decided(
  [worst]: readonly Shift[],
  share: number,
  since: number,
  bounds: DriftBounds,
): Pick<Drifted, 'drifted' | 'because'> {
  const purchases = `${since} purchases since, ${(100 * share).toFixed(1)} % of those it learnt from`
  if (worst !== undefined)
    return {
      drifted: true,
      because: `PSI of ${worst.name} is ${worst.psi.toFixed(3)}, above ${bounds.psi}; ${purchases}`,
    }
  if (share > bounds.newPurchases)
    return { drifted: true, because: `${purchases}: above ${100 * bounds.newPurchases} %` }
  return { drifted: false, because: `no feature has a PSI above ${bounds.psi}; ${purchases}` }
}

/** Purchases that happened before an instant, and from it on. */
function purchasesAround({ rows }: Interactions, instant: Instant): readonly [number, number] {
  const purchase = interactionTypes.indexOf('purchase')
  let [before, since] = [0, 0]
  rows.type.forEach((type, row) => {
    if (type !== purchase) return
    if ((rows.knownAt[row] ?? instant) < instant) before++
    else since++
  })
  return [before, since]
}
