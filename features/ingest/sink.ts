import { type Product } from '../schema/product.js'
import { type EventRecord, type InvestorRecord, type NavRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'

/**
 * Where an importer puts what it accepted: whoever wires it decides what stands behind. Calls never overlap, and an
 * importer waits for each. `products` comes in ascending `knownAt`, one call an instant; the others in batches and
 * in the order of their files, so a sink that wants them by time must sort. A sink that fails ends the import.
 */
export type Sink = {
  readonly investors: (records: readonly InvestorRecord[]) => Promise<void>
  readonly events: (records: readonly EventRecord[]) => Promise<void>
  /** Absent: NAVs are passed over. */
  readonly navs?: (records: readonly NavRecord[]) => Promise<void>
  readonly products: (changes: readonly Product[], knownAt: Instant) => Promise<void>
}

/** Largest batch that an importer hands over at once. */
export const batchSize = 2_000
