import { type Params } from '../engine/decision.js'
import { type Digest } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { decodeCanonical, encodeCanonical } from './canonical.js'

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

/** Each part as canonical bytes: what the entry commits to, and what is sealed; encoded once for both. */
export type SealedParts = { readonly inputs: Uint8Array; readonly verdict: Uint8Array; readonly statements: Uint8Array }

export const partsOf = ({ inputs, verdictDigest, statements }: SealedInputs): SealedParts => ({
  inputs: encodeCanonical(inputs),
  verdict: encodeCanonical(verdictDigest),
  statements: encodeCanonical(statements),
})

/** The bytes to seal: a map of the parts' bytes. */
export const joinParts = (parts: SealedParts): Uint8Array => encodeCanonical({ v: 1, ...parts })

/** What joinParts() was given, decoded. They were sealed, so what opens is what this program wrote. */
export const splitParts = (bytes: Uint8Array): SealedInputs => {
  const { inputs, verdict, statements } = decodeCanonical(bytes) as SealedParts
  return {
    v: 1,
    inputs: decodeCanonical(inputs) as DecisionInputs,
    verdictDigest: decodeCanonical(verdict) as Digest | null,
    statements: decodeCanonical(statements) as Statements,
  }
}
