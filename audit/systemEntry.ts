import { z } from 'zod'
import { DecisionId, Digest } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'
import { Reader } from './personActs.js'

/** Of what nobody's data is in: the id is given by who appends, and is found again by it. */
const system = { v: z.literal(1), entryId: z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/), at: Instant }

/** From here on decisions name this release. `previous`: the one that served before, null at the first. */
export const ReleaseActivationEntry = z.strictObject({
  ...system,
  type: z.literal('release-activation'),
  release: Digest,
  previous: Digest.nullable(),
})

/** From here on decisions name this revision of the catalogue; `digest` covers all revisions up to it. */
export const CatalogueRevisionEntry = z.strictObject({
  ...system,
  type: z.literal('catalogue-revision'),
  revision: z.int().min(0),
  digest: Digest,
})

/** From here on this software decides: a replay says under which versions its bytes were written. */
export const SoftwareEntry = z.strictObject({
  ...system,
  type: z.literal('software'),
  aptus: z.string().min(1).max(64),
  node: z.string().min(1).max(64),
})

/**
 * In a decision, products that the compiled rules permitted were rejected by the reference evaluator and left out: a
 * fault of the program. Which ones tells of the investor, and follows from what is sealed with the decision.
 */
export const RecheckDisagreementEntry = z.strictObject({
  ...system,
  type: z.literal('recheck-disagreement'),
  decisionId: DecisionId,
  count: z.int().min(1),
})

/** Names of gates, such as `ndcg@level-C3`: training/registry/gates.ts. */
const Gate = z.string().regex(/^[A-Za-z0-9@-]{1,64}$/)

/**
 * Somebody chose what serves: a run's release, or by a rollback the one before. Made before the activation that follows
 * it. Figures of the gates stand in runs/promotions.jsonl; which were shut and passed over all the same, and why, here.
 */
export const PromotionEntry = z.strictObject({
  ...system,
  type: z.literal('promotion'),
  act: z.enum(['promote', 'rollback']),
  release: Digest,
  previous: Digest.nullable(),
  runId: z
    .string()
    .regex(/^run-[0-9a-f]{16}$/)
    .nullable(),
  by: Reader,
  gates: z.strictObject({ passed: z.array(Gate), overridden: z.array(Gate) }),
  /** Of an override, or of a rollback where one was given. */
  reason: z.string().min(1).max(500).nullable(),
})
export type PromotionEntry = z.infer<typeof PromotionEntry>
