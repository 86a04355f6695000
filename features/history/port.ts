import { type Investor } from '../schema/investor.js'
import { type NavWindowFacts } from '../definitions/navWindows.js'
import { type TraitsAt } from '../definitions/traits.js'
import { type EventId, type InvestorId, type ProductId } from '../schema/ids.js'
import {
  type EventRecord,
  type InvestorAccount,
  type InvestorRecord,
  type InvestorSnapshot,
  type NavRecord,
} from '../schema/records.js'
import { type Instant } from '../schema/time.js'

import { type NewestKnown } from './newestKnown.js'
import { type ExposurePeriod, type ToldExposure } from './exposures.js'
import { type HeldRows } from './heldOn.js'
import { type ProductNavs } from './navs.js'
import { type ProductWindows } from './navWindows.js'

/** What a commit brought in. A duplicate is an event whose id is known already, or came earlier in the same batch. */
export type Committed = { readonly investors: number; readonly added: number; readonly duplicates: number }

/** A bulk import under way: nothing of it is visible before `commit`, and then all of it is, at once. */
export type Batch = {
  /** Takes rows in; call it with some thousands at a time. `source`: theirs, where it is not the batch's. */
  readonly investors: (records: readonly InvestorRecord[], source?: string) => Promise<void>
  readonly events: (records: readonly EventRecord[], source?: string) => Promise<void>
  /**
   * NAVs, each known from its own instant; one that differs from what is known of its day, without having become known
   * later, is a correction known from `learntAt`. What is known already is not added again.
   */
  readonly navs: (records: readonly NavRecord[], learntAt: Instant) => Promise<void>
  readonly commit: () => Promise<Committed>
  readonly abort: () => Promise<void>
}

/** The types of `Interactions.rows.type`, by their number: content read about a product counts as a view. */
export const interactionTypes = ['view', 'purchase'] as const

/** A purchase or view that was told in error: from `cancelledAt` on that is known, and before it counted. */
export type TakenBack = {
  readonly type: (typeof interactionTypes)[number]
  readonly productId: ProductId
  readonly occurredAt: Instant
  readonly knownAt: Instant
  readonly cancelledAt: Instant
}

/** Training examples, a row each, ordered by investor, instant, product and event id; both id lists are sorted. */
export type Interactions = {
  readonly investorIds: readonly InvestorId[]
  readonly productIds: readonly ProductId[]
  readonly rows: {
    /** [n], index into `investorIds`. */
    readonly investor: Int32Array
    /** [n], index into `productIds`. */
    readonly product: Int32Array
    /** [n], when it happened, ms UTC. */
    readonly at: Float64Array
    /** [n], from when it was known, ms UTC. */
    readonly knownAt: Float64Array
    /** [n], index into `interactionTypes`. */
    readonly type: Uint8Array
  }
  /** Of whom some were cancelled: they are no rows, but what was known of him before the word of it held them. */
  readonly takenBack?: ReadonlyMap<InvestorId, readonly TakenBack[]>
}

/** Of whom and when features are asked: an investor may come often, in any order. */
export type Pairs = {
  readonly investorIds: readonly InvestorId[]
  /** [n], index into `investorIds`. */
  readonly investor: Int32Array
  /** [n], ms UTC. */
  readonly at: Float64Array
}

/** Some of the pairs asked for, in an order of their own. */
export type Rows = {
  /** [m], which pairs. */
  readonly pair: Int32Array
  /** [m, d], the stored features, in their order (`storedFeatures`); NaN is missing. */
  readonly values: Float32Array
  /** [m], 1 where a profile was known; else all his values are missing. */
  readonly isKnown: Uint8Array
}

/**
 * All profiles, events and NAVs ever known, with the instant from which each was known; "as of t" means known strictly
 * before t. One process writes at a time (the server, or a command where no server runs); others may read meanwhile.
 */
export type History = {
  readonly appendInvestors: (records: readonly InvestorRecord[], source: string) => Promise<void>
  /** An event whose id is known already is not added again; `fresh` are the others, in the order given. */
  readonly appendEvents: (
    records: readonly EventRecord[],
    source: string,
  ) => Promise<{ readonly added: number; readonly duplicates: number; readonly fresh: readonly EventRecord[] }>
  readonly begin: (source: string) => Promise<Batch>
  /** His newest profile known before `asOf` (of two as new, the later written) and his behaviour then, or null. */
  readonly investorAsOf: (id: InvestorId, asOf: Instant) => Promise<InvestorSnapshot | null>
  /** The same with what he was known to have traded. */
  readonly accountAsOf: (id: InvestorId, asOf: Instant) => Promise<InvestorAccount | null>
  /** Everyone with a profile, and what he traded, by id, in batches of some thousands; null: all that is known. */
  readonly snapshotsAsOf: (asOf: Instant | null) => AsyncIterable<readonly InvestorAccount[]>
  /**
   * The stored features of pairs as they were known strictly before each instant; every pair comes once. `opened` gives a
   * profile from what was stored of it, where a wrapper had some of it sealed.
   */
  readonly rows: (pairs: Pairs, traitsAt: TraitsAt, opened?: (stored: Investor) => Investor) => AsyncIterable<Rows>
  /** Those that were cancelled by then are apart. */
  readonly interactions: (asOf: Instant) => Promise<Interactions>
  /** Every revision of every profile known before `asOf`, by id, then in the order in which they became known. */
  readonly profilesKnown: (asOf: Instant) => AsyncIterable<readonly InvestorRecord[]>
  /** Every event known before `asOf`, as it was written, with what is logged of exposures. */
  readonly eventsKnown: (asOf: Instant) => AsyncIterable<readonly EventRecord[]>
  /** Ids of the events whose rows are numbered from `sequence` on, in the order of their SHA-256. */
  readonly eventIdsSince: (sequence: number) => AsyncIterable<readonly EventId[]>
  readonly eventIdsOf: (id: InvestorId) => Promise<readonly EventId[]>
  /** Every row that is held on an investor, of both kinds, in the order of their arrival. */
  readonly heldOn: (id: InvestorId) => Promise<HeldRows>
  /** The same of everybody, some thousands at a time: all profiles, then all events. */
  readonly held: () => AsyncIterable<HeldRows>
  /** Every NAV known before `asOf` with those that it corrected, product by product; null: all, and of all products. */
  readonly navsKnown: (asOf: Instant | null, productId?: ProductId) => AsyncIterable<ProductNavs>
  /** What a product did over 1 to 36 months, as it was known before `asOf`; null where none of its NAVs was. */
  readonly navFactsAsOf: (productId: ProductId, asOf: Instant) => Promise<NavWindowFacts | null>
  /** The same of all products, by id; computed by one query. */
  readonly allNavFactsAsOf: (asOf: Instant) => Promise<readonly ProductWindows[]>
  /** Ids that cancellations name, of events known or not: one may come before what it takes back. */
  readonly cancelledIds: () => Promise<readonly EventId[]>
  /** Exposures that callers told of, by when they were shown. */
  readonly exposuresTold: (period: ExposurePeriod) => AsyncIterable<readonly ToldExposure[]>
  /** How many more were imported or simulated. */
  readonly exposuresImported: (period: ExposurePeriod) => Promise<number>
  /** Grows with every row appended, by whichever process, and with nothing else: whoever follows sees that he lags. */
  readonly sequence: () => Promise<number>
  /** The newest fact of each kind and source. It reads two columns of every row: not for every request. */
  readonly newestKnown: () => Promise<readonly NewestKnown[]>
  /** Investors that have a profile, and events. */
  readonly counts: () => Promise<{ readonly investors: number; readonly events: number }>
  /** Rewrites every file that holds the investor and deletes the old ones; a stream read meanwhile may fail. */
  readonly eraseInvestor: (id: InvestorId) => Promise<void>
  readonly close: () => Promise<void>
}
