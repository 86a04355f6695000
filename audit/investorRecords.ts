import { type ClassRequest, type ClassVerdict } from '../engine/professional.js'
import { type Questionnaire } from '../engine/questionnaire/questionnaire.js'
import { type Score } from '../engine/questionnaire/score.js'
import {
  type AssessmentId,
  type ClassChangeId,
  type Digest,
  type FirmId,
  type InvestorId,
} from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { type Instant } from '../features/schema/time.js'
import { type AssessmentEntry, type ClassChangeEntry } from './investorEntry.js'
import { type LedgerIndex } from './ledger.js'
import { type Record } from './record.js'

/** What is sealed of an assessment: the profile before it, and the score with its answers; of `level` after all rules. */
export type AssessmentFacts = { readonly before: Investor; readonly score: Score; readonly after: Investor }

/** What is sealed of a change of class: the profile before it, what was asked and judged, and who approved. */
export type ClassFacts = {
  readonly before: Investor
  readonly request: ClassRequest
  readonly verdict: ClassVerdict
  readonly approvedBy: string | null
}

type Whose = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly packDigest: Digest
  readonly at: Instant
}
export type WhoseAssessment = Whose & {
  readonly assessmentId: AssessmentId
  readonly questionnaire: Pick<Questionnaire, 'version' | 'digest'>
}
export type WhoseChange = Whose & { readonly changeId: ClassChangeId }

export type RecordedAssessment = {
  readonly index: LedgerIndex
  readonly entry: AssessmentEntry
  readonly facts: AssessmentFacts | 'erased'
}
export type RecordedChange = {
  readonly index: LedgerIndex
  readonly entry: ClassChangeEntry
  readonly facts: ClassFacts | 'erased'
}

/** Assessments and changes of class of a record. Each append is durable when it resolves; if it rejects, nothing counts. */
export type InvestorRecords = {
  readonly appendAssessment: (facts: AssessmentFacts, whose: WhoseAssessment) => Promise<LedgerIndex>
  readonly appendChange: (facts: ClassFacts, whose: WhoseChange) => Promise<LedgerIndex>
  /** Null where the firm has no such entry. */
  readonly assessment: (firmId: FirmId, id: AssessmentId) => Promise<RecordedAssessment | null>
  readonly change: (firmId: FirmId, id: ClassChangeId) => Promise<RecordedChange | null>
}

export const investorRecords = ({ ledger, appendSealed, factsOf }: Record): InvestorRecords => ({
  appendAssessment: (facts, { investorId, assessmentId, questionnaire: { version, digest }, ...open }) => {
    const { firmId } = open
    const entry = { v: 1, type: 'assessment', assessmentId, questionnaire: { version, digest }, ...open } as const
    return appendSealed({ firmId, investorId, entryId: assessmentId }, facts, (committed) => ({
      ...entry,
      ...committed,
    }))
  },
  appendChange: (facts, { investorId, changeId, ...open }) => {
    const entry = { v: 1, type: 'class-change', changeId, ...open } as const
    return appendSealed({ firmId: open.firmId, investorId, entryId: changeId }, facts, (committed) => ({
      ...entry,
      ...committed,
    }))
  },
  assessment: async (firmId, id) => {
    const found = await ledger.get(id)
    if (found?.entry.type !== 'assessment' || found.entry.firmId !== firmId) return null
    const { index, entry } = found
    return { index, entry, facts: (await factsOf(entry)) as RecordedAssessment['facts'] }
  },
  change: async (firmId, id) => {
    const found = await ledger.get(id)
    if (found?.entry.type !== 'class-change' || found.entry.firmId !== firmId) return null
    const { index, entry } = found
    return { index, entry, facts: (await factsOf(entry)) as RecordedChange['facts'] }
  },
})
