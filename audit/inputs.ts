import { type Params } from '../engine/decision.js'
import { type Digest } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'

/** What the caller asked with: scene, size, exclusions and the like; canonical values only (see canonical.ts). */
export type RequestContext = Readonly<Record<string, unknown>>

/** Everything personal that decide() was given. */
export type DecisionInputs = { readonly investor: InvestorSnapshot; readonly context: RequestContext }

/** Params of reasons and disclosures, one element an item of the slate, in its order; empty for a refusal. */
export type Statements = readonly { readonly reasons: readonly Params[]; readonly disclosures: readonly Params[] }[]

/** What lies encrypted under the person's key, one a decision; the entry commits to each of the three. */
export type SealedInputs = {
  readonly v: 1
  readonly inputs: DecisionInputs
  /** The plain digest: over verdicts that follow from a profile of few bits, it could be guessed if it were public. */
  readonly verdictDigest: Digest | null
  readonly statements: Statements
}
