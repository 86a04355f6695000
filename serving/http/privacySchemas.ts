import { z } from 'zod'
import { Event } from '../../features/schema/event.js'
import { Digest, FirmId, InvestorId } from '../../features/schema/ids.js'
import { Investor } from '../../features/schema/investor.js'
import { InstantText } from '../../features/schema/time.js'
import { Pseudonym } from '../../audit/commitment.js'
import { InvestorAnswer } from './schemas.js'

/** Requests and answers about what is held on a person. */
const count = z.int().min(0)

export const ErasureQuery = z.strictObject({
  report: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
})

/** `entryId`: of the ledger's entry that says the same, under a pseudonym that leads to nobody any more. */
export const ErasureAnswer = z.strictObject({
  entryId: z.string(),
  at: InstantText,
  runs: z.array(z.string()),
  releases: z.array(Digest),
})

const origin = { knownAt: InstantText, source: z.string(), seq: count }

export const PersonalDataAnswer = z.strictObject({
  format: z.literal('aptus-personal-data/1'),
  firmId: FirmId,
  investorId: InvestorId,
  at: InstantText,
  erasureUnderWay: z.boolean(),
  /** The history: every revision and event, when it was known, from where it came, its place in the order of arrival. */
  history: z.strictObject({
    profiles: z.array(z.strictObject({ ...origin, value: Investor })),
    events: z.array(z.strictObject({ ...origin, value: Event })),
  }),
  /** The online store, and the features that follow from it. */
  now: InvestorAnswer.extend({
    features: z.array(z.strictObject({ name: z.string(), unit: z.string(), value: z.number().nullable() })),
  }).nullable(),
  /** Entries as they were hashed, instants in ms UTC, and what each sealed; null: that type seals nothing. */
  recorded: z.strictObject({
    pseudonym: Pseudonym.nullable(),
    entries: z.array(z.strictObject({ index: count, entry: z.looseObject({ type: z.string() }), sealed: z.unknown() })),
  }),
  rejectedLines: z.array(z.strictObject({ file: z.string(), line: z.string() })),
  /** `runId` null: a release of which no run tells what it had learnt from. */
  learntFrom: z.array(
    z.strictObject({
      runId: z.string().nullable(),
      kind: z.string().nullable(),
      asOf: InstantText.nullable(),
      interactions: count,
      releases: z.array(z.strictObject({ digest: Digest, active: z.boolean() })),
    }),
  ),
  /** Answers kept for repeated requests, for 24 hours. */
  keptAnswers: z.array(z.strictObject({ expiresAt: InstantText, status: count, body: z.string() })),
})
