import { type RefusalCode } from '../../engine/decision.js'
import { type DecisionId, type Digest, type FirmId, type ProductId } from '../../features/schema/ids.js'
import { type ProductKind, type RiskLevel } from '../../features/schema/levels.js'
import { type Instant } from '../../features/schema/time.js'
import { type Messages } from '../../engine/suitability/pack.js'
import { type AgeBand, type Level } from './investorGroups.js'

/**
 * What a candidate pack would have decided on recorded decisions, beside the packs that judged them. Whole numbers and
 * texts alone, and nothing of the clock: the same ledger, period and candidate give the same back-test.
 */
export type Backtest = {
  readonly v: 1
  readonly firmId: FirmId
  /** Decisions of `from` ≤ at < `to`; null: no bound. */
  readonly from: Instant | null
  readonly to: Instant | null
  readonly ledger: { readonly entries: number; readonly head: string }
  readonly candidate: PackName
  /** The packs of the recorded decisions, the most frequent first. */
  readonly judgedBy: readonly (PackName & { readonly decisions: number })[]
  readonly decisions: Decisions
  /** At the first and the last of the compared; null where there are none. */
  readonly firstAt: Instant | null
  readonly lastAt: Instant | null
  readonly total: InvestorGroup
  readonly levels: readonly (InvestorGroup & { readonly level: Level })[]
  readonly ageBands: readonly (InvestorGroup & { readonly ageBand: AgeBand })[]
  /** Rules by which something was lost, or is gained; those with most first. */
  readonly rules: readonly RuleShare[]
  /** Refusals that would have appeared, vanished or been others. */
  readonly refusals: readonly RefusalChange[]
  /** Every product that somebody lost or gained. */
  readonly products: readonly ProductShare[]
  readonly companies: readonly (ProductGroup & { readonly companyId: string; readonly companyName: string })[]
  /** By the risk level and kind that the products had in the catalogue of each decision. */
  readonly riskLevels: readonly (ProductGroup & { readonly riskLevel: RiskLevel | 'none' })[]
  readonly kinds: readonly (ProductGroup & { readonly kind: ProductKind })[]
  readonly examples: readonly Example[]
}

export type PackName = { readonly id: string; readonly version: number; readonly digest: Digest }

/** Of the firm and the period, which recorded decisions were compared, and why others were not. */
export type Decisions = {
  readonly compared: number
  /** Their persons were erased, so that nobody can judge them again. */
  readonly erased: number
  /** Historical and offline ones: nobody was served. */
  readonly leftOut: number
  /**
   * Of the compared: what their own pack says now is not what was recorded. Anything but 0 means that the software, or
   * the record, is not as it was, and that the figures of these decisions are to be doubted.
   */
  readonly unlikeRecord: number
  /** Of the compared: the candidate reads sums of 12 months that were not recorded, so that they count as unknown. */
  readonly withoutActivity: number
}

export type Affected = { readonly decisions: number; readonly investors: number }

/** Counts over some of the decisions. `lost`, `gained`: decisions × products that could no longer, or only then, have been recommended. */
export type InvestorGroup = Affected & {
  /** Those in which any product, or the refusal, differs. */
  readonly changed: Affected
  readonly lost: number
  readonly gained: number
  readonly served: { readonly slates: number; readonly items: number }
  /** Served slates with items that the candidate withholds: how many, and how many lost every item. */
  readonly blocked: Affected & { readonly items: number; readonly emptied: number }
  /** Refused where it was not before, and the other way round. */
  readonly refused: Affected
  readonly admitted: Affected
  /** Slates that would have turned non-personal, or personal. */
  readonly nonPersonal: Affected
  readonly personal: Affected
  /** How many products were recommendable in a decision: quantiles as of `quantileShares`. */
  readonly permitted: { readonly before: readonly number[]; readonly after: readonly number[] }
}

/** In a hundred. */
export const quantileShares = [0, 10, 25, 50, 75, 90, 100] as const

/**
 * One rule. `lost`: it is of the candidate, and withholds what was recommendable; `gained`: it is of the pack that
 * judged, and withheld what no longer is withheld. A product may be withheld by several rules, so sums over rules exceed
 * the totals.
 */
export type RuleShare = {
  readonly ruleId: string
  readonly lost: Affected & { readonly pairs: number }
  readonly gained: Affected & { readonly pairs: number }
  /** Served items that it blocks, and the slates that held them. */
  readonly blocked: Affected & { readonly items: number }
}

export type Refused = { readonly refusal: RefusalCode; readonly ruleId: string | null }
export type RefusalChange = Affected & { readonly before: Refused | null; readonly after: Refused | null }

export type ProductGroup = {
  /** Products that somebody lost or gained. */
  readonly products: number
  readonly lost: number
  readonly gained: number
  /** Served items that would have been blocked. */
  readonly items: number
}

export type ProductShare = {
  readonly productId: ProductId
  readonly name: string
  readonly companyName: string
  readonly kind: ProductKind
  readonly riskLevel: RiskLevel | null
  readonly lost: Affected
  readonly gained: Affected
  readonly items: number
}

/** One decision in which one product was lost or gained, with the words of the rule behind it. */
export type Example = {
  readonly what: 'blocked' | 'lost' | 'gained'
  readonly decisionId: DecisionId
  readonly at: Instant
  readonly level: Level
  readonly productId: ProductId
  readonly productName: string
  readonly riskLevel: RiskLevel | null
  /** In the served slate, from 1; null where it was not served. */
  readonly rank: number | null
  readonly ruleId: string
  readonly source: string
  readonly words: Messages
}
