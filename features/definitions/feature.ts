import { type Product } from '../schema/product.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type Instant } from '../schema/time.js'

export type ProductContext = { readonly product: Product; readonly at: Instant }
export type InvestorContext = { readonly investor: InvestorSnapshot; readonly at: Instant }
type Contexts = { product: ProductContext; investor: InvestorContext; pair: ProductContext & InvestorContext }
export type Entity = keyof Contexts

/**
 * One number about a product, an investor, or both, as of an instant (`at`, ms UTC). `value` is pure, reads what
 * `reads` names and nothing else, and gives a finite number, or null where what it reads is unknown.
 */
export type Feature<E extends Entity> = {
  readonly name: string
  readonly entity: E
  readonly unit: string
  readonly reads: readonly string[]
  readonly value: (context: Contexts[E]) => number | null
}
export type ContextOf<E extends Entity> = Contexts[E]
