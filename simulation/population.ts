import { exp, log } from '../features/definitions/math.js'
import { type Random, randomFor } from '../features/definitions/random.js'
import { InvestorId } from '../features/schema/ids.js'
import { chance, normal, whole } from './draws.js'
import { emptyHoldings } from './holdings.js'
import { visitAt } from './instants.js'
import { weekdayOf } from './tradingDays.js'
import { boundsOf, type Person } from './person.js'
import { renewalOf } from './questionnaires.js'
import { levelOf, type Nature, natureOf, profileOf } from './profiles.js'
import { type Liking, type Taste, tasteOf } from './taste.js'

/** So many are there from the beginning; the others come over the days. */
const thereAlready = 0.5
/** So many never answer the questionnaire; they look, and cannot buy. */
const neverAssessed = 0.03
/** Visits a day of the median investor, and how far apart they lie: a few come nearly daily. */
const usualVisits = 0.006
const visitSpread = 1.5
/** Whoever joins comes again within so many days. */
const firstVisitWithin = 10
const mostVisits = 0.6
const weekdayVisits = 1.2
const weekendVisits = 0.4

/** When an investor joins: before the first day, or on a day of the simulation. */
export function joinDayOf(seed: number, index: number, first: number, last: number): number {
  const random = randomFor(seed, `join:${index}`)
  return chance(random, thereAlready) ? first - whole(random, 1, 300) : whole(random, first, last)
}

/** A fall that an investor bears: his level's usual one, more or less. */
const toleranceOf = (nature: Nature, random: Random): number =>
  ([0.02, 0.04, 0.08, 0.15, 0.25][levelOf(nature) - 1] ?? 0.1) * exp(0.4 * normal(random))

export type LikingFor = (person: Pick<Person, 'taste' | 'nature' | 'profile'>, day: number) => Liking

/** An investor as of the day he joins; his first profile is known a minute after its questionnaire. */
export function personOf(
  seed: number,
  index: number,
  joinDay: number,
  first: number,
  companyFame: Float64Array,
  likingFor: LikingFor,
): Person {
  const random = randomFor(seed, `investor:${index}`)
  const id = InvestorId.parse(`sim-i${String(index + 1).padStart(6, '0')}`)
  const nature = natureOf(random, joinDay)
  const taste: Taste = tasteOf(random, companyFame)
  const answeredAt = visitAt(joinDay, whole(random, 0, 600), whole(random, 0, 59))
  const answers = !chance(random, neverAssessed)
  const profile = profileOf(id, nature, answers ? answeredAt : null, answers ? [answeredAt] : [], random)
  const visitsPerDay = Math.min(mostVisits, usualVisits * exp(visitSpread * normal(random)))
  return {
    index,
    id,
    random,
    nature,
    taste,
    joinDay,
    visitsPerDay,
    nextVisit:
      joinDay < first ? nextVisitOf({ random, visitsPerDay }, first - 1) : joinDay + whole(random, 1, firstVisitWithin),
    renewal: answers ? renewalOf(joinDay, random) : null,
    decisiveness: 0.05 + 0.35 * random.uniform(),
    daring: chance(random, 0.45) ? 0.05 + 0.45 * random.uniform() : 0.02,
    tolerance: toleranceOf(nature, random),
    needsMoney: 0.003 + 0.02 * random.uniform() * random.uniform(),
    holdings: emptyHoldings(),
    profile,
    knownAt: answeredAt + 60_000,
    liking: likingFor({ taste, nature, profile }, joinDay),
    bounds: boundsOf(profile, nature, joinDay),
    plans: [],
    hasBought: false,
    lately: [],
    past: [],
  }
}

/** Visits of a day, as a share of `visitsPerDay`. */
const weightOf = (day: number): number => (weekdayOf(day) > 5 ? weekendVisits : weekdayVisits)

/** The day of his next visit after `day`: waiting times are exponential in days, weekends counting less. */
export function nextVisitOf({ random, visitsPerDay }: Pick<Person, 'random' | 'visitsPerDay'>, day: number): number {
  const wait = -log(Math.max(random.uniform(), 1e-15)) / visitsPerDay
  const weeks = Math.floor(wait / (5 * weekdayVisits + 2 * weekendVisits))
  let left = wait - weeks * (5 * weekdayVisits + 2 * weekendVisits)
  let next = day + 7 * weeks + 1
  for (left -= weightOf(next); left > 0; left -= weightOf(next)) next += 1
  return next
}
