import { z } from 'zod'
import { DecisionId, Digest } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'

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
