import { type ExportFormat } from '../../../audit/search/exportFile.js'
import { type Found } from '../../../audit/search/found.js'
import { type Page, type Query } from '../../../audit/search/query.js'
import { type Period, type Told } from '../../../audit/search/search.js'
import { type Counts } from '../../../audit/search/counts.js'
import { type LedgerIndex } from '../../../audit/ledger.js'
import { type Digest, type FirmId, type InvestorId, type ProductId } from '../../../features/schema/ids.js'

/** As `Query`, by the firm's own id of an investor instead of, or beside, a pseudonym. */
export type Asked = Omit<Query, 'firmId'> & { readonly investorId?: InvestorId | undefined }

/** Newest first. `next`: give it as `after` for the next page; null: this is the last. */
export type FoundPage = { readonly items: readonly Found[]; readonly next: LedgerIndex | null }

/** `entry`: its canonical bytes, base64; `proof`: that it is in the ledger, C2SP tlog-proof. */
export type Sampled = Found & { readonly entry: string; readonly proof: string }

/** See audit/search/sample.ts. */
export type Sample = {
  readonly seed: number
  /** How many live decisions of the period it was drawn from. */
  readonly population: number
  /** The signed note under which all proofs are. */
  readonly checkpoint: string
  readonly items: readonly Sampled[]
}

/** What occurred in a period, and what never did. */
export type Coverage = Counts & {
  /** Of each pack that judged: rules that withheld, refused, blocked or warned of nothing. */
  readonly packRules: readonly {
    readonly packDigest: Digest
    readonly id: string
    readonly version: number
    readonly rules: number
    readonly never: readonly string[]
  }[]
  /** Of the catalogue as it is now. */
  readonly neverShown: { readonly products: number; readonly of: number; readonly ids: readonly ProductId[] }
  /** Levels × classes × age bands of which there was no decision. */
  readonly neverClasses: Counts['classes']
  readonly neverScenes: readonly string[]
  readonly neverRefusals: readonly string[]
}

/** Of the catalogue as it is now: products that no live decision of a period permitted, whether shown or not. */
export type NeverPermitted = {
  /** See audit/search/everPermitted.ts. */
  readonly judged: number
  readonly erased: number
  readonly of: number
  readonly ids: readonly ProductId[]
}

/**
 * Finds, counts, draws and exports what a firm recorded. Rejects with `Unavailable` (`starting`) while the search is
 * being made anew; `catchUp` waits for it instead.
 */
export type EntrySearch = {
  find(firmId: FirmId, asked: Asked, page: Page): Promise<FoundPage>
  sample(firmId: FirmId, drawn: Period & { readonly count: number; readonly seed: number }): Promise<Sample>
  coverage(firmId: FirmId, period: Period): Promise<Coverage>
  /** Judges the decisions of the period again: minutes of a million. */
  neverPermitted(firmId: FirmId, period: Period): Promise<NeverPermitted>
  /** Writes all that match into a file; resolves to how many. */
  exportTo(firmId: FirmId, asked: Asked, file: string, format: ExportFormat): Promise<number>
  catchUp(told: Told): Promise<void>
}
