import { z } from 'zod'
import { AssessmentId, ClassChangeId, Digest, FirmId } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'
import { Commitment, Pseudonym } from './commitment.js'

const whose = { firmId: FirmId, pseudonym: Pseudonym, commitment: Commitment, packDigest: Digest, at: Instant }

/**
 * An assessment as it is hashed and kept for ever. Answers, points and level are sealed and committed to; the digest of
 * the questionnaire, by which they can be scored again, stands in clear and tells nothing of the person.
 */
export const AssessmentEntry = z.strictObject({
  v: z.literal(1),
  type: z.literal('assessment'),
  assessmentId: AssessmentId,
  questionnaire: z.strictObject({ version: z.string().min(1).max(64), digest: Digest }),
  ...whose,
})
export type AssessmentEntry = z.infer<typeof AssessmentEntry>

/** A change of class that was asked for, granted or not. What, on which evidence and by whom approved is sealed. */
export const ClassChangeEntry = z.strictObject({
  v: z.literal(1),
  type: z.literal('class-change'),
  changeId: ClassChangeId,
  ...whose,
})
export type ClassChangeEntry = z.infer<typeof ClassChangeEntry>
