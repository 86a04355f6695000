import { type Catalogue } from '../schema/catalogue.js'
import { type CompanyId, type ProductId } from '../schema/ids.js'
import { levelNumber } from '../schema/levels.js'
import { type Product } from '../schema/product.js'
import { type Instant } from '../schema/time.js'
import { groupOfKind, type KindGroup } from './product/kindGroup.js'

/** What an investor's activity is counted by, of a product as the catalogue has it; `level` 1 to 5, 0 where it is unrated. */
export type ProductTraits = { readonly group: KindGroup; readonly companyId: CompanyId; readonly level: number }
/** Of the catalogue as known at one instant; undefined for a product that it does not hold. */
export type TraitsOf = (id: ProductId) => ProductTraits | undefined
/** The catalogue through time: as known strictly before an instant. */
export type TraitsAt = (at: Instant) => TraitsOf

export const traitsOf = ({ kind, companyId, rating }: Product): ProductTraits => ({
  group: groupOfKind[kind],
  companyId,
  level: rating === null ? 0 : levelNumber(rating.level),
})

const ofCatalogues = new WeakMap<readonly Product[], ReadonlyMap<ProductId, ProductTraits>>()

/** Of the catalogue as it stands; made once a catalogue. */
export function traitsIn({ products }: Pick<Catalogue, 'products'>): TraitsOf {
  const traits = ofCatalogues.get(products) ?? new Map(products.map((product) => [product.id, traitsOf(product)]))
  ofCatalogues.set(products, traits)
  return (id) => traits.get(id)
}

type Change = { readonly knownAt: Instant; readonly traits: ProductTraits }

/**
 * The traits of each product through time, from the catalogue's revisions in the order of their numbers: of what was
 * known before an instant the largest (knownAt, revision) stands, as in the catalogue itself.
 */
export function traitsTimeline(
  revisions: Iterable<{ readonly knownAt: Instant; readonly products: readonly Product[] }>,
): TraitsAt {
  const changes = new Map<ProductId, Change[]>()
  for (const { knownAt, products } of revisions)
    for (const product of products) {
      const ofProduct = changes.get(product.id) ?? []
      ofProduct.push({ knownAt, traits: traitsOf(product) })
      changes.set(product.id, ofProduct)
    }
  for (const ofProduct of changes.values()) ofProduct.sort((a, b) => a.knownAt - b.knownAt)
  return (at) => (id) => changes.get(id)?.findLast(({ knownAt }) => knownAt < at)?.traits
}
