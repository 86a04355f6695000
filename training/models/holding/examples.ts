import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type InvestorId } from '../../../features/schema/ids.js'
import { type Held } from '../../evaluation/lifetimes.js'
import { examplesOf, type Facts } from '../../examples.js'
import { type HoldingExample } from './fit.js'

export type HoldingFacts = Facts & {
  /** By the instants up to which they tell what was known: a purchase sees the latest of before it. */
  readonly pastCatalogues: readonly Catalogue[]
  /** `heldTimes` of everyone's trades, as known at the time of the fit. */
  readonly held: ReadonlyMap<InvestorId, readonly Held[]>
}

/**
 * First purchases with what was known of investor and product when he bought, and for how long he held it. A purchase of
 * before the first of the catalogues, or of which trades tell nothing any more, is left out.
 */
export function holdingExamplesOf({ pastCatalogues, held, ...facts }: HoldingFacts): HoldingExample[] {
  return [...examplesOf(facts)].flatMap(({ investor, productId, at }) => {
    const known = pastCatalogues.findLast(({ knownBefore }) => (knownBefore ?? Infinity) <= at)
    const product = known?.products[known.ordinalOf.get(productId) ?? -1]
    const lot = held.get(investor.profile.id)?.find((one) => one.productId === productId && one.boughtAt === at)
    return product === undefined || lot === undefined
      ? []
      : [{ investor, product, at, days: lot.time, ended: lot.ended }]
  })
}
