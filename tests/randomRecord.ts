import { readFileSync } from 'node:fs'
import { investorRecords } from '../audit/investorRecords.js'
import { purchaseRecord } from '../audit/purchases.js'
import { type Record } from '../audit/record.js'
import { type ClassRequest, judgeClass } from '../engine/professional.js'
import { assessed } from '../engine/questionnaire/assessment.js'
import { readQuestionnaire } from '../engine/questionnaire/readQuestionnaire.js'
import { score } from '../engine/questionnaire/score.js'
import {
  AssessmentId,
  ClassChangeId,
  DecisionId,
  Digest,
  FirmId,
  InvestorId,
  PurchaseCheckId,
} from '../features/schema/ids.js'
import { ToleranceLevel } from '../features/schema/levels.js'
import { account, at, check, fund, levels, pack } from './purchaseCase.js'
import { randomDecision } from './randomDecisions.js'
import { seeded } from './randomMarket.js'

export const firms = [FirmId.parse('default'), FirmId.parse('other')] as const
/** Few persons, so that each has many entries. */
export const persons = Array.from({ length: 12 }, (_, n) => InvestorId.parse(`investor-${n}`))

const questionnaire = readQuestionnaire(readFileSync('questionnaires/aptus-1.yaml'), 'aptus-1.yaml')
const answers = Object.fromEntries(questionnaire.questions.map(({ id, options }) => [id, [options[0]?.id ?? '']]))

/** Decisions made beforehand: deciding is what takes time. */
const pool = Array.from({ length: 300 }, (_, n) => randomDecision(n))

/** Appends entries `first` to `first + count` of every type, an hour or less apart: the same seed, the same entries. */
export async function appendRandom(record: Record, first: number, count: number, seed = 1): Promise<void> {
  for (let from = first; from < first + count; from += 500) {
    const numbers = Array.from({ length: Math.min(500, first + count - from) }, (_, n) => from + n)
    await Promise.all(numbers.map((number) => appendOne(record, number, seeded(seed * 1_000_003 + number))))
  }
}

async function appendOne(record: Record, number: number, random: () => number): Promise<unknown> {
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const [firmId, investorId, when] = [
    oneOf(firms),
    oneOf(persons),
    at + number * 1000 + Math.floor(random() * 3_600_000),
  ]
  const whose = { firmId, investorId, packDigest: pack.digest, at: when }
  const who = account(oneOf(ToleranceLevel.options), random() < 0.2 ? { birthDate: '1950-05-08' } : {})
  const kind = random()
  if (kind < 0.06) {
    const purchases = purchaseRecord(record)
    const checkId = PurchaseCheckId.parse(`p-${number}`)
    const facts = { investor: who, check: check(who, oneOf(levels), { at: when }) }
    await purchases.append(facts, { firmId, investorId, checkId })
    const recorded = await purchases.read(firmId, checkId)
    const [step] = facts.check.steps
    if (recorded === null || step === undefined || random() < 0.3) return
    return purchases.confirm(recorded, step, { ...facts.check, at: when + 1 })
  }
  if (kind < 0.08) {
    const scored = score(questionnaire, answers)
    if ('faults' in scored) throw new Error('the first options are answers')
    const after = assessed(who.profile, questionnaire, scored, when)
    return investorRecords(record).appendAssessment(
      { before: who.profile, score: scored, after },
      { ...whose, assessmentId: AssessmentId.parse(`a-${number}`), questionnaire },
    )
  }
  if (kind < 0.1) {
    const request: ClassRequest = random() < 0.5 ? { to: 'ordinary' } : professional
    return investorRecords(record).appendChange(
      { before: who.profile, request, verdict: judgeClass(pack, request), approvedBy: null },
      { ...whose, changeId: ClassChangeId.parse(`c-${number}`) },
    )
  }
  if (kind < 0.11) {
    const digest = Digest.parse(`sha256:${'0'.repeat(64)}`)
    const system = { v: 1, entryId: `catalogue-${number}`, at: when } as const
    return record.ledger.append({ ...system, type: 'catalogue-revision', revision: number, digest })
  }
  const { decision, investor, context } = oneOf(pool)
  const mode = random() < 0.1 ? ('historical' as const) : ('live' as const)
  return record.append(
    { ...decision, at: when, mode },
    investor,
    { ...context, exclude: [...context.exclude] },
    { firmId, investorId, decisionId: DecisionId.parse(`d-${number}`) },
  )
}

const professional: ClassRequest = {
  to: 'professional',
  by: 'request',
  approve: true,
  evidence: { financialAssets: null, meanYearlyIncome3Years: null, experienceYears: 0, documents: [] },
}

/** Products that entries name: shown ones, and those of checks. */
export const productIds = [
  ...new Set([
    ...pool.flatMap(({ decision: { outcome } }) =>
      outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId),
    ),
    ...levels.map((level) => fund(level).id),
  ]),
]
