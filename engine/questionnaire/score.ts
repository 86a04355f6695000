import { compareIds } from '../../features/schema/ids.js'
import { type ToleranceLevel, levelNumber } from '../../features/schema/levels.js'
import { type Facts, factsOf } from './facts.js'
import { type Option, type Question, type Questionnaire } from './questionnaire.js'

/** What was chosen, by question: the ids of options. */
export type Answers = Readonly<Record<string, readonly string[]>>

/** Why answers cannot be scored, by question. */
export type AnswerFault = {
  readonly questionId: string
  readonly code: 'unknown-question' | 'unanswered' | 'unknown-option' | 'takes-one' | 'stands-alone'
}

export type Score = {
  readonly level: ToleranceLevel
  readonly points: number
  /** The level that the points alone come to. */
  readonly levelByPoints: ToleranceLevel
  /** Chosen options that hold the level below that, as QUESTION.OPTION. */
  readonly cappedBy: readonly string[]
  readonly facts: Facts
  /** Ids of the contradictions, in the questionnaire's order. */
  readonly contradictions: readonly string[]
  /** The answers in the questionnaire's order: equal answers, equal bytes. */
  readonly answers: Answers
}

type Chosen = { readonly question: Question; readonly options: readonly Option[] }

/**
 * Scores answers: the sum of weight × points (of several options, the most), the level of that sum, held down by the
 * chosen options' `atMost`. Pure and in whole numbers, so that it can be repeated from what was recorded.
 */
export function score(
  questionnaire: Questionnaire,
  answers: Answers,
): Score | { readonly faults: readonly AnswerFault[] } {
  const faults = faultsOf(questionnaire, answers)
  if (faults.length > 0) return { faults }
  const chosen = questionnaire.questions.map((question): Chosen => {
    const ids = new Set(answers[question.id])
    return { question, options: question.options.filter(({ id }) => ids.has(id)) }
  })
  const points = chosen.reduce((sum, { question, options }) => sum + question.weight * mostOf(options), 0)
  const levelByPoints = questionnaire.levels.findLast(({ fromPoints }) => points >= fromPoints)?.level ?? 'C1'
  const { level, cappedBy } = capped(levelByPoints, chosen)
  const choices = new Set(chosen.flatMap(({ question, options }) => options.map(({ id }) => `${question.id}.${id}`)))
  return {
    level,
    points,
    levelByPoints,
    cappedBy,
    facts: factsOf(
      questionnaire.questions,
      chosen.flatMap(({ options }) => options),
    ),
    contradictions: questionnaire.contradictions
      .filter(({ between }) => between.every((choice) => choices.has(choice)))
      .map(({ id }) => id),
    answers: Object.fromEntries(chosen.map(({ question, options }) => [question.id, options.map(({ id }) => id)])),
  }
}

/** Whether a contradiction of a score has to be answered anew before a level is given. */
export const isBlocked = ({ contradictions }: Questionnaire, score: Score): boolean =>
  contradictions.some(({ id, blocking }) => blocking && score.contradictions.includes(id))

const mostOf = (options: readonly Option[]): number => Math.max(...options.map(({ points }) => points))

function faultsOf({ questions }: Questionnaire, answers: Answers): readonly AnswerFault[] {
  const known = new Set(questions.map(({ id }) => id))
  const unknown = Object.keys(answers)
    .filter((id) => !known.has(id))
    .sort(compareIds)
  return [
    ...unknown.map((questionId) => ({ questionId, code: 'unknown-question' as const })),
    ...questions.flatMap((question) => {
      const code = faultOf(question, Object.hasOwn(answers, question.id) ? (answers[question.id] ?? []) : [])
      return code === null ? [] : [{ questionId: question.id, code }]
    }),
  ]
}

function faultOf({ select, options }: Question, ids: readonly string[]): AnswerFault['code'] | null {
  if (ids.length === 0) return 'unanswered'
  const chosen = options.filter(({ id }) => ids.includes(id))
  if (ids.some((id) => !chosen.some((option) => option.id === id))) return 'unknown-option'
  if (select === 'one' && chosen.length > 1) return 'takes-one'
  return chosen.length > 1 && chosen.some(({ alone }) => alone === true) ? 'stands-alone' : null
}

function capped(byPoints: ToleranceLevel, chosen: readonly Chosen[]): Pick<Score, 'level' | 'cappedBy'> {
  const caps = chosen.flatMap(({ question, options }) =>
    options.flatMap(({ id, atMost }) =>
      atMost !== undefined && levelNumber(atMost) < levelNumber(byPoints)
        ? [{ choice: `${question.id}.${id}`, atMost }]
        : [],
    ),
  )
  const lowest = caps.reduce((low, { atMost }) => (levelNumber(atMost) < levelNumber(low) ? atMost : low), byPoints)
  return { level: lowest, cappedBy: caps.map(({ choice }) => choice) }
}
