import { type Product } from '../schema/product.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { type ActivityFacts } from './activityFacts.js'

export type ProductContext = { readonly product: Product; readonly at: Instant }
export type InvestorContext = { readonly investor: InvestorSnapshot; readonly at: Instant }
/** What an investor did, counted once for all features that read it. */
export type ActivityContext = { readonly activity: ActivityFacts }
type Contexts = {
  product: ProductContext
  investor: InvestorContext
  activity: ActivityContext
  pair: ProductContext & InvestorContext
}

/** Whom a feature is about; those of `activity` are an investor's too, and read his account and the catalogue. */
export type Entity = keyof Contexts

/**
 * One number about a product, an investor, or both, as of an instant (`at`, ms UTC). `value` is pure, reads what
 * `reads` names and nothing else, and gives a finite number, or null where what it reads is unknown.
 *
 * Whoever changes what `value` gives adds a definition with the next `version` beside the old one, which stays for the
 * models that were fitted on it (`catalogue.ts`); a test holds the values of each version.
 */
export type Feature<E extends Entity> = {
  readonly name: string
  /** From 1. */
  readonly version: number
  readonly entity: E
  /** `flag`: 0 or 1; `ordinal`: whole, only its order means something; `ratio`: a share or an average of shares. */
  readonly type: 'flag' | 'count' | 'ordinal' | 'number' | 'ratio'
  readonly unit: string
  /** For a reader without a default of his own; null: missing stays missing, and a model fills it with its own mean. */
  readonly default: number | null
  /** So many days after the profile became known it counts as missing; null: as long as nothing newer is known. */
  readonly validDays: number | null
  /** The trade that answers for it. */
  readonly owner: 'investor data' | 'product data' | 'recommendation' | 'suitability'
  /** What it says, in a sentence. */
  readonly meaning: string
  readonly reads: readonly string[]
  readonly value: (context: Contexts[E]) => number | null
}
export type AnyFeature = { [E in Entity]: Feature<E> }[Entity]
export type ContextOf<E extends Entity> = Contexts[E]

/** `name@version`, as models and the feature store name it. */
export const featureId = ({ name, version }: Pick<AnyFeature, 'name' | 'version'>): string => `${name}@${version}`
