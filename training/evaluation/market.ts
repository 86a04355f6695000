import { type Catalogue } from '../../features/schema/catalogue.js'
import { type CompanyId, type ProductId } from '../../features/schema/ids.js'
import { levelNumber, ProductKind } from '../../features/schema/levels.js'
import { restrictedMean } from '../metrics/restrictedMean.js'
import { type Held } from './lifetimes.js'

/** What metrics read of a catalogue's products, by ordinal; all [n]. */
export type Market = {
  readonly size: number
  readonly companies: readonly CompanyId[]
  /** Index into `companies`. */
  readonly company: Int32Array
  /** Index into `ProductKind.options`. */
  readonly kind: Int32Array
  /** 1 to 5; 0 without a rating. */
  readonly level: Int32Array
  /** Investors who had bought it before the cut, of `investors` who had bought anything. */
  readonly buyers: Int32Array
  readonly investors: number
  /** Return over the 30 days after the cut, as a fraction; NaN: unknown. */
  readonly return30d: Float64Array
  /** Whether the return of any product is known. */
  readonly hasReturns: boolean
  /** Restricted mean days for which it was held; NaN: unknown. */
  readonly heldDays: Float64Array
}

/** What is known of products beside the catalogue: before the cut, and after it of what came of them. */
export type MarketFacts = {
  readonly buyers: ReadonlyMap<ProductId, number>
  readonly investors: number
  /** By product, over the 30 days after the cut. */
  readonly returns: ReadonlyMap<ProductId, number>
  readonly held: readonly Held[]
}

export function marketOf({ products }: Catalogue, facts: MarketFacts, holdingDays: number): Market {
  const companies = [...new Set(products.map(({ companyId }) => companyId))]
  const placeOf = new Map(companies.map((id, place) => [id, place]))
  const kind = Int32Array.from(products, (product) => ProductKind.options.indexOf(product.kind))
  const daysOf = meanDays(facts.held, new Map(products.map(({ id }, at) => [id, kind[at] ?? -1])), holdingDays)
  return {
    size: products.length,
    companies,
    company: Int32Array.from(products, ({ companyId }) => placeOf.get(companyId) ?? -1),
    kind,
    level: Int32Array.from(products, ({ rating }) => (rating === null ? 0 : levelNumber(rating.level))),
    buyers: Int32Array.from(products, ({ id }) => facts.buyers.get(id) ?? 0),
    investors: facts.investors,
    return30d: Float64Array.from(products, ({ id }) => facts.returns.get(id) ?? Number.NaN),
    hasReturns: facts.returns.size > 0,
    heldDays: Float64Array.from(products, ({ id }) => daysOf(id) ?? Number.NaN),
  }
}

/** Purchases below which a product's own holding times say too little, and those of its kind stand in. */
const leastPurchases = 20

function meanDays(
  held: readonly Held[],
  kindOf: ReadonlyMap<ProductId, number>,
  days: number,
): (id: ProductId) => number | null {
  const byProduct = grouped(held, ({ productId }) => productId)
  const byKind = grouped(held, ({ productId }) => kindOf.get(productId) ?? -1)
  const kinds = new Map([...byKind].map(([kind, times]) => [kind, restrictedMean(times, days)?.mean ?? null]))
  return (id) => {
    const own = byProduct.get(id) ?? []
    return own.length >= leastPurchases
      ? (restrictedMean(own, days)?.mean ?? null)
      : (kinds.get(kindOf.get(id) ?? -1) ?? null)
  }
}

function grouped<K, T>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return groups
}
