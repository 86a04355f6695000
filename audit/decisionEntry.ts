import { z } from 'zod'
import { refusalCodes, scenes, type Decision, type SlateItem } from '../engine/decision.js'
import { DecisionId, Digest, FirmId, ProductId } from '../features/schema/ids.js'
import { RiskLevel } from '../features/schema/levels.js'
import { Instant } from '../features/schema/time.js'
import { Commitment, Pseudonym } from './commitment.js'
import { type SealedInputs, type Statements, type Verdict } from './inputs.js'

const count = z.int().min(0)
const code = z.string().min(1).max(128)

/** Reasons and disclosures by code alone: their params may be the investor's data and lie with his inputs. */
const ShownItem = z.strictObject({
  productId: ProductId,
  rank: z.int().min(1),
  riskLevel: RiskLevel,
  reasons: z.array(code),
  disclosures: z.array(code),
})

const Refused = z.strictObject({
  kind: z.literal('refusal'),
  refusal: z.enum(refusalCodes),
  ruleId: z.string().nullable(),
})
const outcomeOf = <Item extends z.ZodType>(item: Item) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['personal', 'non-personal']), slate: z.array(item) }),
    Refused,
  ])

const named = {
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
}

/** As it was written first: scores and the search in clear. Read for ever, written no more. */
const DecisionEntryV1 = z.strictObject({
  v: z.literal(1),
  ...named,
  outcome: outcomeOf(ShownItem.extend({ score: z.int() })),
  retrieval: z.enum(['exact', 'hnsw', 'popularity']).nullable(),
})
const DecisionEntryV2 = z.strictObject({ v: z.literal(2), ...named, outcome: outcomeOf(ShownItem) })

/**
 * A decision as it is hashed and kept for ever: engine/decision.ts without anything personal in clear. The investor's
 * inputs, the verdicts (counts by rule tell a level to whoever has the pack) and the statements' params enter as
 * commitments under the person's key; so do, from version 2 on, the scores, which tell his vector, and by it his level
 * or his purchases, to whoever has the release. What was shown stands here in clear: that is what must be provable.
 */
export const DecisionEntry = z.discriminatedUnion('v', [DecisionEntryV1, DecisionEntryV2])
export type DecisionEntry = z.infer<typeof DecisionEntry>
export type EntryVersion = DecisionEntry['v']

/** What a decision's entry takes from audit/persons.ts. */
export type Commitments = {
  readonly pseudonym: Pseudonym
  readonly inputsCommitment: Commitment
  readonly verdictCommitment: Commitment
  readonly statementsCommitment: Commitment
}

/** The verdicts' part of a decision: what is sealed of it. */
export const verdictOf = (
  { verdictDigest, nominated, withheld, retrieval }: Decision,
  v: EntryVersion = 2,
): Verdict => ({ digest: verdictDigest, nominated, withheld, ...(v === 1 ? {} : { retrieval }) })

/** Scores, and the params of reasons and disclosures: what a shown item leaves out. */
export const statementsOf = ({ outcome }: Decision, v: EntryVersion = 2): Statements =>
  outcome.kind === 'refusal'
    ? []
    : outcome.slate.map(({ score, reasons, disclosures }) => ({
        ...(v === 1 ? {} : { score }),
        reasons: reasons.map(({ params }) => params),
        disclosures: disclosures.map(({ params }) => params),
      }))

const shownOf = ({ productId, rank, score, riskLevel, reasons, disclosures }: SlateItem, v: EntryVersion) => ({
  productId,
  rank,
  ...(v === 1 ? { score } : {}),
  riskLevel,
  reasons: reasons.map((reason) => reason.code),
  disclosures: disclosures.map((disclosure) => disclosure.code),
})

/** The canonical entry of a decision. Throws zod's error where the decision does not fit the schema. */
export const entryOf = (
  decision: Decision,
  whose: Commitments & { readonly decisionId: DecisionId; readonly firmId: FirmId },
  v: EntryVersion = 2,
): DecisionEntry => {
  const { outcome, mode, release, catalogue, packDigest, at, seed, scene, size, retrieval } = decision
  const shown =
    outcome.kind === 'refusal' ? outcome : { ...outcome, slate: outcome.slate.map((item) => shownOf(item, v)) }
  const open = { mode, release, catalogue, packDigest, at, seed, scene, size, ...(v === 1 ? { retrieval } : {}) }
  return DecisionEntry.parse({ v, type: 'decision', ...open, ...whose, outcome: shown })
}

type Kept = z.infer<typeof ShownItem> & { readonly score?: number }

const restored = ({ score: shown, ...item }: Kept, sealed: Statements[number] | undefined): SlateItem => {
  const score = shown ?? sealed?.score
  if (score === undefined) throw new Error(`the score of rank ${item.rank} is neither in the entry nor sealed`)
  return {
    ...item,
    score,
    reasons: item.reasons.map((reason, place) => ({ code: reason, params: sealed?.reasons[place] ?? {} })),
    disclosures: item.disclosures.map((text, place) => ({ code: text, params: sealed?.disclosures[place] ?? {} })),
  }
}

/** The decision again, from its entry and what was sealed with the inputs. */
export const decisionOf = (
  entry: DecisionEntry,
  { verdict, statements }: Pick<SealedInputs, 'verdict' | 'statements'>,
): Decision => {
  const { mode, release, catalogue, packDigest, at, seed, scene, size } = entry
  const retrieval = entry.v === 1 ? entry.retrieval : (verdict.retrieval ?? null)
  const slate = entry.outcome.kind === 'refusal' ? [] : entry.outcome.slate
  const outcome =
    entry.outcome.kind === 'refusal'
      ? entry.outcome
      : { ...entry.outcome, slate: slate.map((item, place) => restored(item, statements[place])) }
  const circumstances = { v: 1, mode, release, catalogue, packDigest, at, seed, scene, size } as const
  const { digest: verdictDigest, nominated, withheld } = verdict
  return { ...circumstances, outcome, retrieval, nominated, withheld, verdictDigest }
}
