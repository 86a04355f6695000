import { type Digest, type ProductId } from '../features/schema/ids.js'
import { type RiskLevel } from '../features/schema/levels.js'
import { type Instant } from '../features/schema/time.js'

/** Expected refusals, each a problem type of the API: docs/architecture.md. */
export const refusalCodes = [
  'no-assessment',
  'assessment-expired',
  'consent-missing',
  'profile-stale',
  'profile-incomplete',
  'no-suitable-product',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export const scenes = ['home', 'detail', 'search', 'holdings'] as const
export type Scene = (typeof scenes)[number]

/** `evaluation` skips gate and diversification; `historical` is told apart in back-tests. */
export type Mode = 'live' | 'historical' | 'evaluation'

/** A value that fills a message's placeholder. */
export type Params = Readonly<Record<string, string | number>>
/** A coded statement: its words come from a table per language. */
export type Coded = { readonly code: string; readonly params: Params }

export type SlateItem = {
  readonly productId: ProductId
  /** From 1. */
  readonly rank: number
  /** round(score × 2^20), saturated to a safe integer. */
  readonly score: number
  readonly riskLevel: RiskLevel
  readonly reasons: readonly Coded[]
  readonly disclosures: readonly Coded[]
}

/** How many products of the catalogue were not recommendable, and under which rule (a product may break several). */
export type Withheld = { readonly total: number; readonly byRule: Readonly<Record<string, number>> }

export type Outcome =
  | { readonly kind: 'personal' | 'non-personal'; readonly slate: readonly SlateItem[] }
  | { readonly kind: 'refusal'; readonly refusal: RefusalCode; readonly ruleId: string | null }

/** One decision: everything an auditor needs beside the investor's inputs, which audit/ keeps apart, encrypted. */
export type Decision = {
  readonly v: 1
  readonly mode: Mode
  readonly release: Digest
  readonly catalogue: { readonly revision: number; readonly knownBefore: Instant | null; readonly digest: Digest }
  readonly packDigest: Digest
  readonly at: Instant
  readonly seed: number
  readonly scene: Scene
  readonly size: number
  readonly outcome: Outcome
  /** Which search nominated; null where the decision ended before retrieval. */
  readonly retrieval: 'exact' | 'hnsw' | 'popularity' | null
  /** Catalogue ordinals of the nominated candidates, best first. */
  readonly nominated: readonly number[]
  readonly withheld: Withheld
  /** SHA-256 over the verdict bitsets of every product; null where the gate refused before any verdict. */
  readonly verdictDigest: Digest | null
}
