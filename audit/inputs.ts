import { type Decision, type Params, type Withheld } from '../engine/decision.js'
import { type Digest } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { decodeOwn, encodeCanonical } from './canonical.js'

/** What the caller asked with: scene, size, exclusions and the like; canonical values only (see canonical.ts). */
export type RequestContext = Readonly<Record<string, unknown>>

/** Everything personal that decide() was given. */
export type DecisionInputs = { readonly investor: InvestorSnapshot; readonly context: RequestContext }

/**
 * Score, and params of reasons and disclosures, one element an item of the slate, in its order; empty for a refusal. The
 * first version of entries had the score in clear.
 */
export type Statements = readonly {
  readonly score?: number
  readonly reasons: readonly Params[]
  readonly disclosures: readonly Params[]
}[]

/**
 * What follows from the profile: the plain digest of the verdict bitsets, the search, the candidates and the counts by
 * rule. A profile has few bits, so that each of these could be guessed back to it if it were public.
 */
export type Verdict = {
  readonly digest: Digest | null
  readonly nominated: readonly number[]
  readonly withheld: Withheld
  /** In clear in the first version of entries. */
  readonly retrieval?: Decision['retrieval']
}

/** What lies encrypted under the person's key, one a decision; the entry commits to each of the three. */
export type SealedInputs = {
  readonly v: 1
  readonly inputs: DecisionInputs
  readonly verdict: Verdict
  readonly statements: Statements
}

/** Each part as canonical bytes: what the entry commits to, and what is sealed; encoded once for both. */
export type Parts<Name extends string = string> = Readonly<Record<Name, Uint8Array>>

export const partsOf = ({ inputs, verdict, statements }: SealedInputs): Parts<'inputs' | 'verdict' | 'statements'> => ({
  inputs: encodeCanonical(inputs),
  verdict: encodeCanonical(verdict),
  statements: encodeCanonical(statements),
})

/** The bytes to seal: a map of the parts' bytes. */
export const joinParts = (parts: Parts): Uint8Array => encodeCanonical({ v: 1, ...parts })

/** What joinParts() was given. They were sealed, so what opens is what this program wrote. */
export function splitParts(bytes: Uint8Array): Parts {
  const { v: _, ...parts } = decodeOwn(bytes) as { readonly v: 1 } & Parts
  return parts
}

/** What partsOf() was given. */
export const sealedOf = (parts: Parts): SealedInputs => ({
  v: 1,
  inputs: partOf(parts, 'inputs') as DecisionInputs,
  verdict: partOf(parts, 'verdict') as Verdict,
  statements: partOf(parts, 'statements') as Statements,
})

/** One part, decoded. */
export function partOf(parts: Parts, name: string): unknown {
  const bytes = parts[name]
  if (bytes === undefined) throw new Error(`sealed parts without "${name}": they are of another type of entry`)
  return decodeOwn(bytes)
}
