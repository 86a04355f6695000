import { type RecordedAssessment, type RecordedChange } from '../audit/investorRecords.js'
import { type ClassRequest, type ClassVerdict } from '../engine/professional.js'
import { type TooMany } from '../engine/questionnaire/assessment.js'
import { type Contradiction, type Questionnaire } from '../engine/questionnaire/questionnaire.js'
import { type AnswerFault, type Answers, type Score } from '../engine/questionnaire/score.js'
import { type Rematched } from '../engine/rematch.js'
import { type Pack } from '../engine/suitability/pack.js'
import {
  type AssessmentId,
  type ClassChangeId,
  type FirmId,
  type InvestorId,
  type ProductId,
} from '../features/schema/ids.js'
import { type InvestorClass, type ToleranceLevel } from '../features/schema/levels.js'
import { type Instant, type LocalDate } from '../features/schema/time.js'
import { type UnknownInvestor } from './service.js'

/** Levels, classes, and what is held under them. */
export type AssessmentService = {
  questionnaire(version: string): Questionnaire | null
  /** Scores, records durably, changes the profile, and only then resolves. */
  assess(asked: AssessmentAsked): Promise<Assessed | UnknownInvestor | AssessmentRefused>
  /** Judges a change of class and records it, granted or not; the profile changes where it was. */
  changeClass(asked: ClassAsked): Promise<ClassChanged | UnknownInvestor>
  assessment(firmId: FirmId, id: AssessmentId): Promise<RecordedAssessment | null>
  classChange(firmId: FirmId, id: ClassChangeId): Promise<RecordedChange | null>
}

export type AssessmentAsked = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly questionnaireVersion: string
  readonly answers: Answers
}

export type Assessed = {
  readonly assessmentId: AssessmentId
  readonly at: Instant
  readonly level: ToleranceLevel
  readonly score: Score
  /** The first day on which it counts as none. */
  readonly expiresOn: LocalDate
  readonly contradictions: readonly Contradiction[]
  readonly rematched: Rematched
  /** Has the words of the findings. */
  readonly pack: Pack
}

/** Nothing changed, and nothing was recorded. */
export type AssessmentRefused =
  | { readonly refused: 'unknown-questionnaire' }
  | { readonly refused: 'unscorable'; readonly faults: readonly AnswerFault[] }
  | { readonly refused: 'contradictory'; readonly contradictions: readonly Contradiction[] }
  | ({ readonly refused: 'too-many' } & TooMany)

export type ClassAsked = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly request: ClassRequest
  /** The id of whoever decided for the firm; null where the investor goes back of his own accord. */
  readonly approvedBy: string | null
}
export type ClassChanged = ClassVerdict & {
  readonly changeId: ClassChangeId
  readonly at: Instant
  readonly investorClass: InvestorClass
}

/** Holdings matched again: CN-CHANGE. Nothing is told to anybody but whoever asks. */
export type RematchService = {
  rematchedHoldings(firmId: FirmId, id: InvestorId): Promise<RematchedHoldings | UnknownInvestor>
  /** A page of a firm's investors by id: those who hold what no longer fits them; of one product, or of any. */
  holdersNotFitting(asked: HoldersAsked): Promise<HoldersPage | { readonly unknownProduct: ProductId }>
}

export type RematchedHoldings = {
  readonly at: Instant
  readonly catalogueRevision: number
  readonly rematched: Rematched
  readonly pack: Pack
}

export type HoldersAsked = {
  readonly firmId: FirmId
  /** Null: whatever is held. */
  readonly productId: ProductId | null
  /** How many investors to look at. */
  readonly limit: number
  readonly after: InvestorId | null
}
export type HoldersPage = {
  readonly at: Instant
  readonly catalogueRevision: number
  /** Ids of the rules that were judged by; none: nothing could be judged. */
  readonly rules: readonly string[]
  readonly lookedAt: number
  readonly holders: readonly { readonly investorId: InvestorId; readonly rematched: Rematched }[]
  /** Give it as `after` for the next page; null: this was the last. */
  readonly next: InvestorId | null
  readonly pack: Pack
}
