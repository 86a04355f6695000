import { type Digest, type ProductId } from './ids.js'
import { type Product } from './product.js'
import { type Instant } from './time.js'

/**
 * A catalogue as it stood: immutable. The ordinal of a product is its index in `products`; it never changes from
 * revision to revision, for products are appended in the order of their first appearance and never taken out.
 */
export type Catalogue = {
  /** Number of the newest revision folded in, from 1; 0 is the empty catalogue. */
  readonly revision: number
  /** Only facts known strictly before this instant were folded in (ms UTC); null: all. */
  readonly knownBefore: Instant | null
  /** SHA-256 over the digests of the revisions folded in, in order. */
  readonly digest: Digest
  readonly products: readonly Product[]
  readonly ordinalOf: ReadonlyMap<ProductId, number>
}
