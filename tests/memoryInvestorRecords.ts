import { Commitment, Pseudonym } from '../audit/commitment.js'
import { type InvestorRecords, type RecordedAssessment, type RecordedChange } from '../audit/investorRecords.js'
import { type AssessmentId, type ClassChangeId, type InvestorId } from '../features/schema/ids.js'

/** There is no ledger here, so nothing is committed to; the form alone is right. */
const nothing = {
  v: 1,
  pseudonym: Pseudonym.parse('0'.repeat(32)),
  commitment: Commitment.parse(`hmac-sha256:${'0'.repeat(64)}`),
} as const

/** Assessments and changes of class kept in memory; `forget` erases those of a person. */
export function memoryInvestorRecords(): InvestorRecords & { readonly forget: (investorId: InvestorId) => void } {
  const assessments = new Map<AssessmentId, RecordedAssessment>()
  const changes = new Map<ClassChangeId, RecordedChange>()
  const size = (): number => assessments.size + changes.size
  return {
    appendAssessment: (facts, { investorId: _, questionnaire: { version, digest }, ...open }) => {
      const [index, questionnaire] = [size(), { version, digest }]
      const entry = { ...nothing, type: 'assessment', questionnaire, ...open } as const
      assessments.set(open.assessmentId, { index, entry, facts })
      return Promise.resolve(index)
    },
    appendChange: (facts, { investorId: _, ...open }) => {
      const index = size()
      changes.set(open.changeId, { index, entry: { ...nothing, type: 'class-change', ...open }, facts })
      return Promise.resolve(index)
    },
    assessment: (firmId, id) => {
      const found = assessments.get(id)
      return Promise.resolve(found?.entry.firmId === firmId ? found : null)
    },
    change: (firmId, id) => {
      const found = changes.get(id)
      return Promise.resolve(found?.entry.firmId === firmId ? found : null)
    },
    forget: (investorId) => {
      for (const [id, kept] of assessments)
        if (kept.facts !== 'erased' && kept.facts.before.id === investorId)
          assessments.set(id, { ...kept, facts: 'erased' })
      for (const [id, kept] of changes)
        if (kept.facts !== 'erased' && kept.facts.before.id === investorId)
          changes.set(id, { ...kept, facts: 'erased' })
    },
  }
}
