import { addMonths } from '../features/definitions/calendar.js'
import { type NavSeries, indexAt, navFactsAt } from '../features/definitions/navFacts.js'
import { randomFor } from '../features/definitions/random.js'
import { derivedRiskLevel } from '../features/definitions/riskRating.js'
import { assumedTargetMarket } from '../features/ingest/cnFunds/targetMarket.js'
import { type NavFacts, type Product, type Rating } from '../features/schema/product.js'
import { dateOfDayNumber, dayNumber, type Instant } from '../features/schema/time.js'
import { at } from './at.js'
import { whole } from './draws.js'
import { type Factors, factorsOf, navPath } from './factors.js'
import { appealOf, type DatedNav, type Good, type Supply } from './goods.js'
import { eveningOf, morningOf } from './instants.js'
import { type StatusChange, statusChanges } from './productLife.js'
import { companySizes, themeCount, type Traits, traitsOf } from './productTraits.js'
import { isTradingDay, tradingDays } from './tradingDays.js'

/** NAVs begin so many days before the first day simulated: enough for a return over a year, and a volatility. */
const daysBefore = 400

export type SupplyOptions = {
  readonly seed: number
  readonly products: number
  readonly companies: number
  /** Day numbers. */
  readonly first: number
  readonly last: number
  readonly factsEveryMonths: number
}

/** A product on its way through the simulation. */
type Course = {
  readonly traits: Traits
  readonly series: NavSeries
  /** Index among all trading days of its first NAV. */
  readonly from: number
  readonly changes: readonly StatusChange[]
  readonly inception: number
  /** How many of the changes are in force. */
  taken: number
}

type Clock = { readonly traded: Int32Array; readonly factors: Factors } & SupplyOptions

function courseOf(number: number, sizes: Float64Array, clock: Clock): Course {
  const { seed, first, last, traded, factors } = clock
  const traits = traitsOf(seed, number, sizes)
  const random = randomFor(seed, `life:${number}`)
  const changes = statusChanges(random, first, last)
  const launch = at(changes, 0).status === 'subscribing' ? at(changes, 0).day : null
  // NAVs begin when the product opens, after its first subscription.
  const opens = launch === null ? first : at(changes, 1).day
  const from = launch === null ? 0 : traded.findIndex((day) => day >= opens)
  const { spec, kind, company, theme, volatility, drift } = traits
  const firstNav = launch === null ? traits.firstNav : 1
  const navs = navPath(factors, { spec, kind, company, theme, volatility, drift, firstNav, from }, seed, String(number))
  const inception = launch ?? first - daysBefore - whole(random, 0, 3_600)
  return { traits, series: { days: traded.subarray(from), navs }, from, changes, inception, taken: 0 }
}

/** Rated by the function that rates real funds, from the simulated NAVs up to that day. */
function ratingOf(kind: Product['kind'], facts: NavFacts, observations: number, ratedAt: Instant): Rating {
  const { volatilityBps } = facts
  const known = volatilityBps !== null
  const { level, basis } = derivedRiskLevel(kind, volatilityBps)
  const volatilitySource = known ? 'daily-nav' : null
  return { level, basis, ratedAt, volatilityBps, volatilitySource, observations: known ? observations : 0 }
}

/** Returns behind the volatility of the NAV at `last`: those of its three years. */
const observationsAt = (series: NavSeries, last: number): number => {
  const threeYearsAgo = dayNumber(addMonths(dateOfDayNumber(at(series.days, last)), -36))
  return last - Math.max(0, indexAt(series, threeYearsAgo))
}

/** Before the first NAV a product has its face value. */
const faceValue = (day: number): NavFacts => ({
  navDate: dateOfDayNumber(day),
  navMicros: 1_000_000,
  return1mBps: null,
  return3mBps: null,
  return6mBps: null,
  return12mBps: null,
  volatilityBps: null,
  maxDrawdownBps: null,
})

const monthsOf = (days: number): number => Math.ceil((days * 12) / 365)

/** The product as of `day`: facts and rating from the NAVs up to then, status by the changes taken. */
function productOf({ traits, series, changes, inception, taken }: Course, day: number, knownAt: Instant): Product {
  const { fixed } = traits
  const { status, maxDailyMinor } = at(changes, Math.max(0, taken - 1))
  const last = indexAt(series, day)
  const facts = last < 0 ? faceValue(inception) : navFactsAt(series, last)
  const rating = ratingOf(fixed.kind, facts, last < 0 ? 0 : observationsAt(series, last), knownAt)
  const { objectives, minHorizonMonths } = assumedTargetMarket(fixed.kind, rating.level)
  return {
    ...fixed,
    currency: 'CNY',
    rating,
    managerRiskLevel: null,
    sri: null,
    complexity: 'simple',
    status,
    statusSource: 'simulated',
    statusAt: knownAt,
    maxDailyPurchase: maxDailyMinor === null ? null : { minor: maxDailyMinor, currency: 'CNY' },
    termMonths: null,
    // A lock-up is a recommended holding period at least as long.
    targetMarket: { objectives, minHorizonMonths: Math.max(minHorizonMonths ?? 0, monthsOf(fixed.lockupDays)) },
    negativeTargetMarket: {
      toleranceLevels: rating.level === 'R5' ? ['C1'] : [],
      investorClasses: [],
    },
    inceptionDate: dateOfDayNumber(inception),
    facts,
  }
}

/** Is it the last day of the simulation, or of a month whose number `every` divides? Then all facts are told. */
function tellsFacts(day: number, last: number, every: number): boolean {
  const next = dateOfDayNumber(day + 1)
  return day === last || (next.endsWith('-01') && (Number(next.slice(5, 7)) - 1) % every === 0)
}

/** Companies, products and their NAVs. Memory: 8 bytes a NAV, 4,200 products over three years 26 MB. */
export function simulatedSupply(options: SupplyOptions, onProduct?: (done: number) => void): Supply {
  const { seed, products, companies, first, last } = options
  const traded = tradingDays(first - daysBefore, last)
  const clock: Clock = { ...options, traded, factors: factorsOf(seed, traded.length) }
  const start = at(traded, 0)
  const indexOn = Int32Array.from({ length: last - start + 1 }, (_, i) =>
    indexAt({ days: traded, navs: traded }, start + i),
  )
  const sizes = companySizes(seed, companies)
  const courses = Array.from({ length: products }, (_, i) => {
    onProduct?.(i)
    return courseOf(i + 1, sizes, clock)
  })
  const now: (Product | null)[] = courses.map(() => null)
  const appeal = appealOf(seed, companies, themeCount)
  const goods: Good[] = courses.map((course, ordinal) => {
    const { traits } = course
    return appeal.good(productOf(course, first - 1, 0), ordinal, traits.company, traits.theme)
  })
  const tell = (ordinal: number, day: number, knownAt: Instant): Product => {
    const product = productOf(at(courses, ordinal), day, knownAt)
    now[ordinal] = product
    return product
  }
  const morning = (day: number): readonly Product[] =>
    courses.flatMap((course, ordinal) => {
      const before = course.taken
      while (course.taken < course.changes.length && at(course.changes, course.taken).day <= day) course.taken += 1
      // What a morning knows of NAVs is of the day before.
      return course.taken === before ? [] : [tell(ordinal, Math.min(day, last) - 1, morningOf(day))]
    })
  const evening = (day: number): readonly Product[] =>
    tellsFacts(day, last, options.factsEveryMonths)
      ? courses.flatMap((_, ordinal) => {
          const product = now[ordinal] ?? null
          return product === null || product.status === 'terminated' ? [] : [tell(ordinal, day, eveningOf(day))]
        })
      : []
  return {
    companyFame: appeal.companyFame,
    goods,
    ids: courses.map(({ traits }) => traits.fixed.id),
    current: (ordinal) => now[ordinal] ?? null,
    morning,
    evening,
    navOn: (ordinal, day) => navOn(at(courses, ordinal), indexOn[day - start] ?? 0),
    navsBetween: (ordinal, after, upTo) => navsBetween(at(courses, ordinal).series, after, upTo),
    recentReturn: (ordinal, day) =>
      returnOver(at(courses, ordinal), at(indexOn, day - 1 - start), at(indexOn, day - 92 - start)),
    isTradingDay,
  }
}

/** Its NAV at the trading day of an index; the face value before the first. */
const navOn = ({ series, from }: Course, index: number): number => (index < from ? 1 : (series.navs[index - from] ?? 1))

function navsBetween(series: NavSeries, after: number, upTo: number): readonly DatedNav[] {
  const [from, to] = [indexAt(series, after) + 1, indexAt(series, upTo) + 1]
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    day: at(series.days, from + i),
    nav: at(series.navs, from + i),
  }))
}

const returnOver = (course: Course, index: number, before: number): number | null =>
  before < course.from ? null : navOn(course, index) / navOn(course, before) - 1
