import { randomBytes } from 'node:crypto'
import { type InvestorRecords } from '../audit/investorRecords.js'
import { judgeClass } from '../engine/professional.js'
import { assessed, expiresOn, tooManyAssessments } from '../engine/questionnaire/assessment.js'
import { type Questionnaire } from '../engine/questionnaire/questionnaire.js'
import { isBlocked, score } from '../engine/questionnaire/score.js'
import { heldProducts, rematch } from '../engine/rematch.js'
import { AssessmentId, ClassChangeId, type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { type Instant } from '../features/schema/time.js'
import { type AssessmentService } from './assessmentService.js'
import { type PurchasePorts } from './purchaseChecks.js'
import { type Questionnaires } from './questionnaires.js'

export type AssessmentPorts = Pick<PurchasePorts, 'account' | 'present'> & {
  readonly record: InvestorRecords
  readonly questionnaires: Questionnaires
  /** Keeps a profile, known from `knownAt` on, which comes after the one before. */
  readonly put: (firmId: FirmId, profile: Investor, knownAt: Instant) => Promise<void>
  /** Beside nothing else of his: a limit is read and used up in one piece. */
  readonly exclusive: <T>(firmId: FirmId, id: InvestorId, work: () => Promise<T>) => Promise<T>
}

const newId = (kind: string): string => `${kind}-${randomBytes(16).toString('hex')}`

/** A profile known from further ahead than any clock was put back would stand, and what is put now would not count. */
const afterwards = (at: Instant, { knownAt }: { readonly knownAt: Instant }): Instant => Math.max(at, knownAt + 1)

/** Assessments and changes of class. The record comes first: what it did not take in changes no profile. */
export function assessments(ports: AssessmentPorts): AssessmentService {
  const { record, questionnaires, account, present, put, exclusive } = ports

  const assessWith = async (questionnaire: Questionnaire, asked: Parameters<AssessmentService['assess']>[0]) => {
    const { firmId, investorId, answers } = asked
    const scored = score(questionnaire, answers)
    if ('faults' in scored) return { refused: 'unscorable', faults: scored.faults } as const
    const found = await account(firmId, investorId)
    const { at, catalogue, pack } = present(firmId, found?.knownAt)
    if (found === null) return { unknownInvestor: investorId }
    const tooMany = tooManyAssessments(found.profile, pack, at)
    if (tooMany !== null) return { refused: 'too-many', ...tooMany } as const
    const contradictions = questionnaire.contradictions.filter(({ id }) => scored.contradictions.includes(id))
    if (isBlocked(questionnaire, scored)) return { refused: 'contradictory', contradictions } as const
    const after = assessed(found.profile, questionnaire, scored, at)
    const assessmentId = AssessmentId.parse(newId('a'))
    const whose = { firmId, investorId, assessmentId, questionnaire, packDigest: pack.digest, at }
    await record.appendAssessment({ before: found.profile, score: scored, after }, whose)
    await put(firmId, after, afterwards(at, found))
    const rematched = rematch(pack, { ...found, profile: after }, heldProducts(found.trades), catalogue, at)
    const level = after.riskAssessment?.level ?? scored.level
    return { assessmentId, at, level, score: scored, expiresOn: expiresOn(at, pack), contradictions, rematched, pack }
  }

  return {
    questionnaire: (version) => questionnaires.get(version) ?? null,
    assess: async (asked) => {
      const questionnaire = questionnaires.get(asked.questionnaireVersion)
      if (questionnaire === undefined) return { refused: 'unknown-questionnaire' }
      return exclusive(asked.firmId, asked.investorId, () => assessWith(questionnaire, asked))
    },
    changeClass: ({ firmId, investorId, request, approvedBy }) =>
      exclusive(firmId, investorId, async () => {
        const found = await account(firmId, investorId)
        const { at, pack } = present(firmId, found?.knownAt)
        if (found === null) return { unknownInvestor: investorId }
        const before = found.profile
        const verdict = judgeClass(pack, request)
        const changeId = ClassChangeId.parse(newId('c'))
        const whose = { firmId, investorId, changeId, packDigest: pack.digest, at }
        await record.appendChange({ before, request, verdict, approvedBy }, whose)
        const investorClass = verdict.granted ? verdict.to : before.investorClass
        if (investorClass !== before.investorClass)
          await put(firmId, { ...before, investorClass }, afterwards(at, found))
        return { changeId, at, investorClass, ...verdict }
      }),
    assessment: record.assessment,
    classChange: record.change,
  }
}
