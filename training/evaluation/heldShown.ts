import { type Catalogue } from '../../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Lifetime } from '../metrics/kaplanMeier.js'
import { type RestrictedMean, restrictedMean, restrictedMeanDifference } from '../metrics/restrictedMean.js'
import { type Held } from './lifetimes.js'
import { type HeldShown, type Measured } from './report.js'
import { type Judged, type Slate } from './slates.js'

/** Purchases of each group below which nothing is told. */
const least = 10

/**
 * For how long what was bought after the cut was held: what the model had shown, beside what it had not. People chose
 * both themselves, so the difference says what goes with being shown, not what comes of it. Null below 10 of either.
 */
export function heldShown(shown: readonly Lifetime[], notShown: readonly Lifetime[], days: number): HeldShown | null {
  if (shown.length < least || notShown.length < least) return null
  const [a, b] = [restrictedMean(shown, days), restrictedMean(notShown, days)]
  const difference = restrictedMeanDifference(shown, notShown, days)
  if (a === null || b === null || difference === null) return null
  return {
    days,
    shown: within(a, shown.length),
    notShown: within(b, notShown.length),
    difference: within(difference, shown.length + notShown.length),
  }
}

function within({ mean, variance }: RestrictedMean, n: number): Measured {
  const half = 1.959964 * Math.sqrt(variance)
  return { value: mean, low: mean - half, high: mean + half, n }
}

/** The same of a model's slates: what each investor first bought of a product that he newly bought after the cut. */
export function heldOf(
  slates: readonly Slate[],
  judged: readonly Judged[],
  held: ReadonlyMap<InvestorId, readonly Held[]>,
  { catalogue, cut, days }: { readonly catalogue: Catalogue; readonly cut: Instant; readonly days: number },
): HeldShown | null {
  const [shown, notShown]: [Held[], Held[]] = [[], []]
  judged.forEach(({ snapshot, bought }, place) => {
    const first = new Set<ProductId>()
    for (const each of held.get(snapshot.profile.id) ?? []) {
      const ordinal = catalogue.ordinalOf.get(each.productId) ?? -1
      if (each.boughtAt < cut || !bought.has(ordinal) || first.has(each.productId)) continue
      first.add(each.productId)
      const group = slates[place]?.shown.includes(ordinal) === true ? shown : notShown
      group.push(each)
    }
  })
  return heldShown(shown, notShown, days)
}
