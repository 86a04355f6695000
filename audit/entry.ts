import { z } from 'zod'
import { refusalCodes, scenes, type Decision, type SlateItem } from '../engine/decision.js'
import { DecisionId, Digest, FirmId, ProductId } from '../features/schema/ids.js'
import { RiskLevel } from '../features/schema/levels.js'
import { Instant } from '../features/schema/time.js'
import { decodeCanonical, encodeCanonical } from './canonical.js'
import { Commitment, Pseudonym } from './commitment.js'
import { AssessmentEntry, ClassChangeEntry } from './investorEntry.js'
import { type SealedInputs, type Statements, type Verdict } from './inputs.js'
import { confirmationIdOf, PurchaseCheckEntry, PurchaseConfirmationEntry } from './purchaseEntry.js'
import { ruleEntries } from './ruleEntry.js'
import {
  CatalogueRevisionEntry,
  RecheckDisagreementEntry,
  ReleaseActivationEntry,
  SoftwareEntry,
} from './systemEntry.js'

export { Commitment, Pseudonym }

const count = z.int().min(0)
const code = z.string().min(1).max(128)

/** Reasons and disclosures by code alone: their params may be the investor's data and lie with his inputs. */
const EntrySlateItem = z.strictObject({
  productId: ProductId,
  rank: z.int().min(1),
  score: z.int(),
  riskLevel: RiskLevel,
  reasons: z.array(code),
  disclosures: z.array(code),
})

const EntryOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['personal', 'non-personal']), slate: z.array(EntrySlateItem) }),
  z.strictObject({ kind: z.literal('refusal'), refusal: z.enum(refusalCodes), ruleId: z.string().nullable() }),
])

/**
 * A decision as it is hashed and kept for ever: engine/decision.ts without anything personal in clear. The investor's
 * inputs, the verdicts (counts by rule tell a level to whoever has the pack) and the statements' params enter as
 * commitments under the person's key. What was shown stands here in clear: that is what must be provable.
 */
export const DecisionEntry = z.strictObject({
  v: z.literal(1),
  type: z.literal('decision'),
  decisionId: DecisionId,
  firmId: FirmId,
  pseudonym: Pseudonym,
  inputsCommitment: Commitment,
  verdictCommitment: Commitment,
  statementsCommitment: Commitment,
  mode: z.enum(['live', 'historical', 'evaluation']),
  release: Digest,
  catalogue: z.strictObject({ revision: count, knownBefore: Instant.nullable(), digest: Digest }),
  packDigest: Digest,
  at: Instant,
  seed: z.int(),
  scene: z.enum(scenes),
  size: count,
  outcome: EntryOutcome,
  retrieval: z.enum(['exact', 'hnsw', 'popularity']).nullable(),
})
export type DecisionEntry = z.infer<typeof DecisionEntry>

/** Entries about a person: each stands under his pseudonym, and commits to what is sealed with his key. */
const personal = [
  DecisionEntry,
  PurchaseCheckEntry,
  PurchaseConfirmationEntry,
  AssessmentEntry,
  ClassChangeEntry,
] as const
export const PersonalEntry = z.discriminatedUnion('type', personal)
export type PersonalEntry = z.infer<typeof PersonalEntry>

/** Entries about the installation: what came into force, and by whom. Nothing of them is sealed. */
const ofSystem = [
  ReleaseActivationEntry,
  CatalogueRevisionEntry,
  SoftwareEntry,
  RecheckDisagreementEntry,
  ...ruleEntries,
] as const
export const SystemEntry = z.discriminatedUnion('type', ofSystem)
export type SystemEntry = z.infer<typeof SystemEntry>

/** Every type of entry that the ledger takes; readers pick by `type`. A new one joins one of the two lists. */
export const Entry = z.discriminatedUnion('type', [...personal, ...ofSystem])
export type Entry = z.infer<typeof Entry>

export const isPersonal = (entry: Entry): entry is PersonalEntry => 'pseudonym' in entry

/** By what an entry is found: one id for each, over all types. */
export function entryIdOf(entry: Entry): string {
  switch (entry.type) {
    case 'decision':
      return entry.decisionId
    case 'purchase-check':
      return entry.checkId
    case 'purchase-confirmation':
      return confirmationIdOf(entry.checkId, entry.place)
    case 'assessment':
      return entry.assessmentId
    case 'class-change':
      return entry.changeId
    default:
      return entry.entryId
  }
}

/** What a decision's entry takes from audit/persons.ts. */
export type Commitments = {
  readonly pseudonym: Pseudonym
  readonly inputsCommitment: Commitment
  readonly verdictCommitment: Commitment
  readonly statementsCommitment: Commitment
}

const codesOf = ({ reasons, disclosures, ...item }: SlateItem) => ({
  ...item,
  reasons: reasons.map((reason) => reason.code),
  disclosures: disclosures.map((disclosure) => disclosure.code),
})

/** The verdicts' part of a decision: what is sealed of it. */
export const verdictOf = ({ verdictDigest, nominated, withheld }: Decision): Verdict => ({
  digest: verdictDigest,
  nominated,
  withheld,
})

/** The params of a decision's reasons and disclosures: what codesOf leaves out. */
export const statementsOf = ({ outcome }: Decision): Statements =>
  outcome.kind === 'refusal'
    ? []
    : outcome.slate.map(({ reasons, disclosures }) => ({
        reasons: reasons.map(({ params }) => params),
        disclosures: disclosures.map(({ params }) => params),
      }))

/** The canonical entry of a decision. Throws zod's error where the decision does not fit the schema. */
export const entryOf = (
  decision: Decision,
  whose: Commitments & { readonly decisionId: DecisionId; readonly firmId: FirmId },
): DecisionEntry => {
  const { outcome, ...rest } = decision
  const { verdictDigest: _digest, nominated: _nominated, withheld: _withheld, ...open } = rest
  const shown = outcome.kind === 'refusal' ? outcome : { ...outcome, slate: outcome.slate.map(codesOf) }
  return DecisionEntry.parse({ ...open, ...whose, type: 'decision', outcome: shown })
}

const restoreItem = (item: z.infer<typeof EntrySlateItem>, params: Statements[number] | undefined): SlateItem => ({
  ...item,
  reasons: item.reasons.map((reason, place) => ({ code: reason, params: params?.reasons[place] ?? {} })),
  disclosures: item.disclosures.map((text, place) => ({ code: text, params: params?.disclosures[place] ?? {} })),
})

/** The decision again, from its entry and what was sealed with the inputs. */
export const decisionOf = (
  entry: DecisionEntry,
  { verdict, statements }: Pick<SealedInputs, 'verdict' | 'statements'>,
): Decision => {
  const { v, mode, release, catalogue, packDigest, at, seed, scene, size, retrieval } = entry
  const outcome =
    entry.outcome.kind === 'refusal'
      ? entry.outcome
      : {
          ...entry.outcome,
          slate: entry.outcome.slate.map((item, place) => restoreItem(item, statements[place])),
        }
  const named = { v, mode, release, catalogue, packDigest, at, seed, scene, size }
  const { digest: verdictDigest, nominated, withheld } = verdict
  return { ...named, outcome, retrieval, nominated, withheld, verdictDigest }
}

export const encodeEntry = (entry: Entry): Uint8Array => encodeCanonical(entry)

/** The entry of canonical bytes. Throws CanonicalError, or zod's error with a path to each fault. */
export const decodeEntry = (bytes: Uint8Array): Entry => Entry.parse(decodeCanonical(bytes))
