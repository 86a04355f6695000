import { type BacktestPorts } from '../../audit/backtest/runBacktest.js'
import { type Period } from '../../audit/recordedDecisions.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type BacktestReport } from './backtest/backtest.js'
import { type BacktestJobs } from './backtest/jobs.js'
import { type EntrySearch } from './entries/entrySearch.js'
import { type ExposureAudit, type Explanations, type Reports } from './explanations.js'
import { type ReplayService } from './replay/replayService.js'
import { type DecisionEntry } from '../../audit/entry.js'
import { type Decision } from '../../engine/decision.js'
import { type FindingWords } from '../../engine/explanation/findingWords.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type Finding } from '../../engine/suitability/reference.js'
import { type DecisionId, type FirmId, type ProductId } from '../../features/schema/ids.js'

/** What an auditor asks of the record: the routes of scope `risk` and `aptus audit` are thin coats over it. */
export type AuditService = LedgerService &
  Explanations &
  ExposureAudit &
  Reports &
  ReplayService & {
    decision(firmId: FirmId, id: DecisionId): Promise<ShownDecision | null>
    /** Why a product was, or was not, recommendable in a decision, judged anew from the recorded inputs. */
    why(firmId: FirmId, id: DecisionId, productId: ProductId, language: Language): Promise<Why | 'erased' | null>
    /**
     * The live decisions of a period judged again under a candidate pack. `told`: entries looked at, of how many; awaited.
     * 100,000 decisions took 32 s on two cores: benchmarks/results/audit-backtest.json.
     */
    backtest(candidate: Pack, period: Period, told: NonNullable<BacktestPorts['told']>): Promise<BacktestReport>
    /** The same, for those who come back for it. */
    readonly backtests: Pick<BacktestJobs, 'start' | 'find'>
    /** Entries of all types, by what is in them. */
    readonly entries: EntrySearch
  }

export type ShownDecision = {
  readonly decisionId: DecisionId
  readonly ledgerIndex: number
  readonly entry: DecisionEntry
  /** Counts by rule and candidates, which would tell the investor's level: sealed with his inputs. */
  readonly verdict: Pick<Decision, 'withheld' | 'nominated'> | 'erased'
  /** The investor's inputs, decrypted; `erased` where his key was destroyed. */
  readonly inputs: unknown
}

export type Why = {
  readonly decisionId: DecisionId
  readonly productId: ProductId
  readonly permitted: boolean
  /** Place in the slate from 1, or null; place among the nominated, or null. */
  readonly rank: number | null
  readonly nominatedAt: number | null
  readonly findings: readonly (Finding & FindingWords)[]
  /** One sentence that sums it up, in the language asked for. */
  readonly summary: string
}

/** What the ledger proves of itself: bytes in base64. Rejects with `Unavailable` where there is no ledger. */
export type LedgerService = {
  /** Signs the present tree: C2SP signed-note, durable before it is given out. */
  checkpoint(): Promise<SignedHead>
  /** That the tree of `to` entries, the present one where that is left out, begins with that of `from`. */
  consistency(from: number, to?: number): Promise<ConsistencyProof | BeyondLedger>
  /** An entry of the firm by its id, and that it stands in the ledger. */
  proof(firmId: FirmId, entryId: string): Promise<EntryProof | null>
}

export type SignedHead = {
  readonly checkpoint: string
  readonly size: number
  readonly root: string
  readonly vkey: string
}
type Head = { readonly size: number; readonly root: string }
/** RFC 9162 §2.1.4. */
export type ConsistencyProof = { readonly from: Head; readonly to: Head; readonly hashes: readonly string[] }
/** There is no such tree: it may have `size` entries at most. */
export type BeyondLedger = { readonly beyond: 'from' | 'to'; readonly size: number }
/** The entry's canonical bytes, and a C2SP tlog-proof of them as text. */
export type EntryProof = { readonly entry: string; readonly index: number; readonly proof: string }
