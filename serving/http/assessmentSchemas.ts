import { z } from 'zod'
import { AssessmentEntry, ClassChangeEntry } from '../../audit/investorEntry.js'
import { ClassEvidence } from '../../engine/professional.js'
import { QuestionnaireVersion } from '../../engine/questionnaire/questionnaire.js'
import { AssessmentId, ClassChangeId, Digest, InvestorId, ProductId } from '../../features/schema/ids.js'
import { InvestorClass, ToleranceLevel } from '../../features/schema/levels.js'
import { InstantText, LocalDate } from '../../features/schema/time.js'
import { Finding, Problem, Statement } from './schemas.js'

/** Requests and answers about questionnaires, assessments, classes and what is held under them, as JSON has them. */
const count = z.int().min(0)
const slug = z.string().min(1).max(40)

export const QuestionnairePath = z.strictObject({ version: QuestionnaireVersion })
/** Without points: they are for the firm, not for whoever answers. */
export const QuestionnaireAnswer = z.strictObject({
  version: QuestionnaireVersion,
  digest: Digest,
  title: z.string(),
  questions: z.array(
    z.strictObject({
      id: slug,
      text: z.string(),
      select: z.enum(['one', 'many']),
      options: z.array(
        z.strictObject({
          id: slug,
          text: z.string(),
          /** In a question with several answers: chosen alone, or not at all. */
          alone: z.boolean(),
        }),
      ),
    }),
  ),
})

/** By question: the option that was chosen, or those of them. */
export const AssessmentRequest = z.strictObject({
  questionnaireVersion: z.string().min(1).max(64),
  answers: z.record(slug, z.union([slug, z.array(slug).min(1).max(30)])),
})
export const ContradictionNoted = z.strictObject({
  id: slug,
  between: z.tuple([z.string(), z.string()]),
  text: z.string(),
})

/** `rules`: those it was judged by; `unjudged`: not in the catalogue, or the pack names no rule. */
export const HoldingsMatch = z.strictObject({
  rules: z.array(z.string()),
  /** False: the level was matched, and rests on no assessment, or on one that has expired. */
  assessmentCounts: z.boolean(),
  fits: z.array(ProductId),
  noLonger: z.array(z.strictObject({ productId: ProductId, findings: z.array(Finding) })),
  unjudged: z.array(ProductId),
})

export const AssessmentAnswer = z.strictObject({
  assessmentId: AssessmentId,
  at: InstantText,
  level: ToleranceLevel,
  /** The first day on which it counts as none. */
  expiresOn: LocalDate,
  contradictions: z.array(ContradictionNoted),
  rematch: HoldingsMatch,
})

/** 409 of an assessment: contradictions that have to be answered anew, or a retest too many. */
export const ContradictoryAnswers = z.strictObject({
  ...Problem.shape,
  contradictions: z.array(ContradictionNoted.extend({ blocking: z.boolean() })).min(1),
})
export const TooManyAssessments = z.strictObject({
  ...Problem.shape,
  limit: z.enum(['perDay', 'per12Months']),
  most: count,
  /** The first day, by the calendar of the pack, on which it may be taken again. */
  againFrom: LocalDate,
})
export const AssessmentRefused = z.union([TooManyAssessments, ContradictoryAnswers, Problem])

const staffId = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, 'want the id of a member of staff, not a name')
/** `approve: false` refuses a request that meets the criteria; it is recorded too. */
export const ClassChangeRequest = z.discriminatedUnion('to', [
  z.strictObject({
    to: z.literal('professional'),
    by: z.enum(['right', 'request']),
    evidence: ClassEvidence,
    approve: z.boolean().default(true),
    approvedBy: staffId,
  }),
  z.strictObject({ to: z.literal('ordinary'), approvedBy: staffId.nullable().default(null) }),
])
export const ClassChangeAnswer = z.strictObject({
  changeId: ClassChangeId,
  at: InstantText,
  granted: z.boolean(),
  /** Which he has from now on. */
  investorClass: InvestorClass,
  source: z.string().nullable(),
  /** Why it was not granted. */
  reasons: z.array(Statement),
})

export const HoldingsMatched = z.strictObject({
  at: InstantText,
  catalogueRevision: count,
  ...HoldingsMatch.shape,
})

export const HoldersQuery = z.strictObject({
  /** How many investors to look at. */
  limit: z.coerce.number<string>().int().min(1).max(1000).default(200),
  after: InvestorId.optional(),
})
export const HoldersAnswer = z.strictObject({
  productId: ProductId,
  at: InstantText,
  catalogueRevision: count,
  rules: z.array(z.string()),
  lookedAt: count,
  items: z.array(z.strictObject({ investorId: InvestorId, findings: z.array(Finding).min(1) })),
  /** Give it as `after` for the next page; null: this is the last. */
  next: InvestorId.nullable(),
})

export const AssessmentPath = z.strictObject({ id: AssessmentId })
export const ClassChangePath = z.strictObject({ id: ClassChangeId })
/** The entry as it was hashed, instants in ms UTC; `facts` are decrypted, or say "erased". */
export const AssessmentShown = z.strictObject({ ledgerIndex: count, entry: AssessmentEntry, facts: z.unknown() })
export const ClassChangeShown = z.strictObject({ ledgerIndex: count, entry: ClassChangeEntry, facts: z.unknown() })
