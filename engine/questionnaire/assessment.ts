import { addMonths, localDate } from '../../features/definitions/calendar.js'
import { type Finances, type Investor } from '../../features/schema/investor.js'
import { dateOfDayNumber, dayNumber, type Instant, type LocalDate } from '../../features/schema/time.js'
import { type Pack } from '../suitability/pack.js'
import { type Questionnaire } from './questionnaire.js'
import { type Score } from './score.js'

/** Assessments that a profile keeps, the newest of them. */
const keptAssessments = 64

/**
 * The profile after an assessment at `at`: level, facts and the instant. Whoever lacks full civil capacity, which no
 * questionnaire asks, still does, and is C1 (Order 130 Art 22(5)). Kinds that were not asked about stay as they were.
 */
export function assessed(profile: Investor, { version }: Questionnaire, score: Score, at: Instant): Investor {
  const { acceptsNoLoss, knowledge, liquidityNeeds, otherInvestments, ...facts } = score.facts
  const lacksFullCapacity = profile.riskAssessment?.lacksFullCapacity ?? false
  return {
    ...profile,
    ...facts,
    objectives: [...facts.objectives],
    knowledge: { ...profile.knowledge, ...knowledge },
    finances: withNeeds(profile.finances, { liquidityNeeds, otherInvestments }),
    riskAssessment: {
      level: lacksFullCapacity ? 'C1' : score.level,
      assessedAt: at,
      questionnaireVersion: version,
      basis: 'questionnaire',
      lacksFullCapacity,
      acceptsNoLoss,
    },
    assessments: [...instantsOf(profile), at].sort((a, b) => a - b).slice(-keptAssessments),
  }
}

type Needs = { [Name in 'liquidityNeeds' | 'otherInvestments']: Finances[Name] | undefined }

function withNeeds(finances: Finances | null, { liquidityNeeds, otherInvestments }: Needs): Finances | null {
  if (liquidityNeeds === undefined && otherInvestments === undefined) return finances
  const unknown = { financialAssets: null, yearlyIncome: null, taxStatus: null }
  return {
    ...(finances ?? { ...unknown, liquidityNeeds: null, otherInvestments: null }),
    ...(liquidityNeeds === undefined ? {} : { liquidityNeeds }),
    ...(otherInvestments === undefined ? {} : { otherInvestments }),
  }
}

/** The first day of the pack's calendar on which an assessment of `at` counts as none. */
export const expiresOn = (at: Instant, { terms, timeZone }: Pack): LocalDate =>
  dayAfter(addMonths(localDate(at, timeZone), terms.assessmentMonths))

/** A limit of the pack that another assessment would exceed, and the first day on which it would not. */
export type TooMany = {
  readonly limit: 'perDay' | 'per12Months'
  readonly most: number
  readonly againFrom: LocalDate
  readonly source: string
}

/** Whether a retest at `at` would be one too many by the pack's limits and calendar (CN-ASSESS); null: it may be taken. */
export function tooManyAssessments(profile: Investor, pack: Pack, at: Instant): TooMany | null {
  const { assessmentLimits: limits, timeZone } = pack
  if (limits === null) return null
  // Those that lie ahead, of a clock that was put back or a wrong date, count as today's: else they would not count.
  const days = instantsOf(profile).map((instant) => localDate(Math.min(instant, at), timeZone))
  const today = localDate(at, timeZone)
  const exceeded = (day: LocalDate): TooMany['limit'] | null => {
    if (days.filter((each) => each === day).length >= limits.perDay) return 'perDay'
    const yearAgo = addMonths(day, -12)
    return days.filter((each) => each > yearAgo).length >= limits.per12Months ? 'per12Months' : null
  }
  const limit = exceeded(today)
  if (limit === null) return null
  let againFrom = dayAfter(today)
  while (exceeded(againFrom) !== null) againFrom = dayAfter(againFrom)
  return { limit, most: limits[limit], againFrom, source: limits.source }
}

const dayAfter = (day: LocalDate): LocalDate => dateOfDayNumber(dayNumber(day) + 1)

/** Every assessment that the profile tells of: the newest counts though a firm left it out of the list. */
function instantsOf({ assessments, riskAssessment }: Investor): readonly Instant[] {
  const newest = riskAssessment?.basis === 'questionnaire' ? riskAssessment.assessedAt : null
  return newest === null || assessments.includes(newest) ? assessments : [...assessments, newest]
}
