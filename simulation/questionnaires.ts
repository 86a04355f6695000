import { type Random } from '../features/definitions/random.js'
import { type Instant } from '../features/schema/time.js'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { chance, normal, whole } from './draws.js'
import { type Diary } from './diary.js'
import { boundsOf, type Person } from './person.js'
import { drawnHorizon, levelOf, type Nature, profileOf } from './profiles.js'
import { type Liking } from './taste.js'

/** An answer holds for twelve months; a day short, whatever the month's length. */
const validDays = 364
/** Six of ten renew it in the last month, when they are asked; the others let it lapse. */
const renewalDays = 30
const renewsInTime = 0.6
/** Of those who want to buy and find it lapsed, so many answer it again. */
const renewsToBuy = 0.6
/** How long answers stay among the assessments of the profile. */
const rememberedDays = 400

const assessedDay = ({ profile }: Person): number | null => {
  const at = profile.riskAssessment?.assessedAt ?? null
  return at === null ? null : dayOfInstant(at)
}

export const isAssessed = (person: Person, day: number): boolean => {
  const assessed = assessedDay(person)
  return assessed !== null && day - assessed < validDays
}

/** Day on which answers of `day` will be renewed in time; null: they will lapse. */
export const renewalOf = (day: number, random: Random): number | null =>
  chance(random, renewsInTime) ? day + validDays - whole(random, 1, renewalDays) : null

/** A year on: the will to bear risk and the means have moved a little, and the plans of one in five a lot. */
function age(nature: Nature, random: Random): void {
  nature.boldness += 0.3 * normal(random)
  nature.wealth += 0.15 * normal(random)
  if (chance(random, 0.2)) nature.horizonMonths = drawnHorizon(random, levelOf(nature))
}

/** A new profile, known a minute after its questionnaire; `likingFor` says what he likes now. */
export function assess(person: Person, at: Instant, likingFor: (person: Person) => Liking, diary: Diary): void {
  const day = dayOfInstant(at)
  const assessments = person.profile.assessments.filter((one) => day - dayOfInstant(one) < rememberedDays)
  const { id, nature, random } = person
  person.profile = profileOf(id, nature, at, [...assessments, at], random)
  person.knownAt = at + 60_000
  person.bounds = boundsOf(person.profile, nature, day)
  person.liking = likingFor(person)
  person.renewal = renewalOf(day, random)
  diary.profile({ knownAt: person.knownAt, value: person.profile })
}

/** Renews his answers on the day set for it. */
export function renewInTime(person: Person, at: Instant, likingFor: (person: Person) => Liking, diary: Diary): void {
  if (person.renewal === null || person.renewal > dayOfInstant(at)) return
  age(person.nature, person.random)
  assess(person, at, likingFor, diary)
}

/** Whether he may buy at `at`: with an answer that holds, or one given now. */
export function mayBuy(person: Person, at: Instant, likingFor: (person: Person) => Liking, diary: Diary): boolean {
  if (isAssessed(person, dayOfInstant(at))) return true
  if (person.profile.riskAssessment === null || !chance(person.random, renewsToBuy)) return false
  age(person.nature, person.random)
  assess(person, at, likingFor, diary)
  return true
}
