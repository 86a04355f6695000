import { type Period } from '../../../audit/recordedDecisions.js'
import { type Replayed } from '../../../audit/replay.js'
import { type DecisionId, type FirmId } from '../../../features/schema/ids.js'
import { type ReplayCounts } from './replayMany.js'

/** Recorded decisions decided again. */
export type ReplayService = {
  /** Null where the firm has no decision of that id. */
  replay(firmId: FirmId, id: DecisionId, options: { readonly strict: boolean }): Promise<ReplayedDecision | null>
  /** All of a period; values of persons are left out. */
  replayMany(period: Period, options: ReplayManyOptions): Promise<ReplayCounts>
}

/** How a decision came out when it was decided again; values of its person included. */
export type ReplayedDecision = {
  readonly decisionId: DecisionId
  readonly ledgerIndex: number
  readonly replayed: Replayed
}

export type ReplayManyOptions = {
  readonly strict: boolean
  /** 0: in this thread. */
  readonly threads: number
  /** Entries of the ledger looked at, of how many; awaited. */
  readonly told: (done: number, total: number) => Promise<void> | void
}
