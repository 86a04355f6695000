import { type InvestorId } from '../schema/ids.js'
import {
  type EventRecord,
  type InvestorAccount,
  type InvestorRecord,
  type InvestorSnapshot,
} from '../schema/records.js'
import { type Stamp } from './vectorValue.js'

/**
 * The online store: of each investor what a recommendation reads, in one round trip, and what he traded. It can always be filled again
 * from the history; where the two differ, the history is right. Writes are seen by the next `get`, of any process.
 * Any call rejects with `StoreUnreachable` where the store is a server and does not answer.
 */
export type InvestorStore = {
  /** His newest profile with its behaviour; null where no profile is known. */
  readonly get: (id: InvestorId) => Promise<InvestorSnapshot | null>
  /** The same of many, in the order of the ids; a round trip to each server that holds some of them. */
  readonly getMany: (ids: readonly InvestorId[]) => Promise<readonly (InvestorSnapshot | null)[]>
  /** As `get`, with his trades, as of one moment. */
  readonly account: (id: InvestorId) => Promise<InvestorAccount | null>
  /**
   * Keeps the profile with the largest `knownAt`; of two with the same one, the later put. `takenIn` is noted with them:
   * not before them, and where the adapter can, in the same transaction.
   */
  readonly putProfiles: (records: readonly InvestorRecord[], takenIn?: number) => Promise<void>
  /**
   * Folds events into behaviour and trades, also ahead of the investor's profile. Event ids are not kept here: an event given
   * twice counts twice, so give only what `History.appendEvents` returned as fresh. `takenIn` as for profiles.
   */
  readonly addEvents: (events: readonly EventRecord[], takenIn?: number) => Promise<void>
  /** Replaces all that is stored of these investors: the bulk load after an import. */
  readonly putAccounts: (accounts: readonly InvestorAccount[]) => Promise<void>
  /**
   * The history's sequence up to which everything is stored here; null where none was noted. Of several servers the
   * least, or that of the one whose tenure is given: rejects where that is over.
   */
  readonly takenIn: (tenure?: string) => Promise<number | null>
  /** Notes it, after a bulk load, with every server or with one: rejects where its tenure is over. */
  readonly noteTakenIn: (sequence: number, tenure?: string) => Promise<void>
  /**
   * [d] the stored features that `materialise` computed for him under the same stamp, in one read; null where there are
   * none, or something was written of him since: then they are computed from his account.
   */
  readonly vector: (id: InvestorId, stamp: Stamp) => Promise<Float32Array | null>
  /**
   * Computes and keeps the vectors of those of the ids that have a profile; resolves to how many. A server keeps them
   * only where it was told to, for they take its memory; else it is 0. Who is written meanwhile may be left out.
   */
  readonly materialise: (
    ids: readonly InvestorId[],
    stamp: Stamp,
    vectorOf: (account: InvestorAccount) => Float32Array,
  ) => Promise<number>
  /** Forgets an investor, with what is left of him on the disk soon after; false where nothing was stored. */
  readonly delete: (id: InvestorId) => Promise<boolean>
  /** The first ids after `after` that have a profile, by code unit. For lists and tools: it may walk through all keys. */
  readonly ids: (limit: number, after?: string) => Promise<readonly InvestorId[]>
  /**
   * Names the server that holds an investor as long as it keeps what it acknowledged: after a failover or a restart it
   * is another, and `takenIn` tells what is left. Null where nothing can be lost in this way.
   */
  readonly tenureOf: (id: InvestorId) => string | null
  /** Of all servers: none where nothing can be lost. */
  readonly tenures: () => readonly string[]
  /**
   * Whoever is not written for a time is forgotten. Then a change to somebody who is not there is left out: he is to be
   * filled from the history, whole, when he is read.
   */
  readonly forgets: boolean
  readonly close: () => Promise<void>
}

/** The store is a server and does not answer: an expected refusal, `store-unreachable`. */
export class StoreUnreachable extends Error {
  readonly code = 'store-unreachable'
  constructor(message: string, options: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnreachable'
  }
}
