import { type Behaviour } from './behaviour.js'
import { type DailyCounts } from './daily.js'
import { type Event } from './event.js'
import { type Trades } from './holdings.js'
import { type Investor } from './investor.js'
import { type Money } from './money.js'
import { type Nav } from './nav.js'
import { type Product } from './product.js'
import { type Instant } from './time.js'

/**
 * A fact with the instant from which it was known (ms UTC). "Known at t" means knownAt strictly before t, everywhere.
 */
export type Known<T> = { readonly knownAt: Instant; readonly value: T }

export type InvestorRecord = Known<Investor>
export type ProductRecord = Known<Product>
export type EventRecord = Known<Event>
export type NavRecord = Known<Nav>

/** What an investor bought in the 12 months before a decision, and what that cost him; null: currencies are mixed. */
export type Activity = { readonly purchased12Months: Money | null; readonly costs12Months: Money | null }

/** An investor as a decision reads him: his profile, from when it was known, and his past. */
export type InvestorSnapshot = {
  readonly profile: Investor
  readonly knownAt: Instant
  readonly behaviour: Behaviour
  /** Only for packs whose rules read it. */
  readonly activity?: Activity
}

/** An investor with what he traded and did by day: what holdings and windows come from. No decision has it sealed. */
export type InvestorAccount = InvestorSnapshot & { readonly trades: Trades; readonly daily: DailyCounts }
