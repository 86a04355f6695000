import { z } from 'zod'
import { Digest, FirmId, PurchaseCheckId } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'
import { Commitment, Pseudonym } from './commitment.js'

const count = z.int().min(0)
/** What was in force when it was judged. */
const judgedBy = {
  catalogue: z.strictObject({ revision: count, knownBefore: Instant.nullable(), digest: Digest }),
  packDigest: Digest,
  at: Instant,
}

/**
 * A check of a purchase as it is hashed and kept for ever. Product, verdict, rules and steps together tell a level to
 * whoever has the catalogue, and the text digests are those of the pack: all of it is sealed with the inputs, and the
 * entry commits to it (docs/decisions/0013).
 */
export const PurchaseCheckEntry = z.strictObject({
  v: z.literal(1),
  type: z.literal('purchase-check'),
  checkId: PurchaseCheckId,
  firmId: FirmId,
  pseudonym: Pseudonym,
  commitment: Commitment,
  ...judgedBy,
})
export type PurchaseCheckEntry = z.infer<typeof PurchaseCheckEntry>

/** One step of a check's dialogue, confirmed. Which one, and its text, is the check's `place`-th; committed to. */
export const PurchaseConfirmationEntry = z.strictObject({
  v: z.literal(1),
  type: z.literal('purchase-confirmation'),
  checkId: PurchaseCheckId,
  /** From 1. */
  place: z.int().min(1),
  firmId: FirmId,
  pseudonym: Pseudonym,
  commitment: Commitment,
  ...judgedBy,
})
export type PurchaseConfirmationEntry = z.infer<typeof PurchaseConfirmationEntry>

/** Steps come one after another, so the next one's id is known, and none is recorded twice. */
export const confirmationIdOf = (checkId: PurchaseCheckId, place: number): string => `${checkId}.${place}`
