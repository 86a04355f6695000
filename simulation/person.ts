import { type Random } from '../features/definitions/random.js'
import { type BehaviourEvent } from '../features/definitions/behaviour.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { levelNumber } from '../features/schema/levels.js'
import { type Instant } from '../features/schema/time.js'
import { type Holdings } from './holdings.js'
import { type Bucket } from './policy.js'
import { ageOn, type Nature } from './profiles.js'
import { objectiveMask } from './shelf.js'
import { type Liking, type Taste } from './taste.js'

/** A monthly purchase of the same amount. */
export type Plan = { readonly product: number; readonly minor: number; nextDay: number }

/** What rules let an investor be shown: derived from his profile, for all of a day's choices. */
export type Bounds = {
  /** Highest R-level that suits him, 0 without an assessment; from 65 on it is 3 at most. */
  readonly cap: number
  /** His own level, whatever his age. */
  readonly level: number
  readonly horizonMonths: number
  readonly objectives: number
  readonly isOrdinary: boolean
  readonly isC1Minimum: boolean
}

/** An investor on his way through the simulation. */
export type Person = {
  readonly index: number
  readonly id: InvestorId
  readonly random: Random
  readonly nature: Nature
  readonly taste: Taste
  readonly joinDay: number
  readonly visitsPerDay: number
  nextVisit: number
  /** Day on which he renews his answers in time; null: not. */
  renewal: number | null
  /** Share of visits that end in a purchase, and of looks at what does not suit him. */
  readonly decisiveness: number
  readonly daring: number
  /** How much of a fall from the peak he bears, as a fraction; and how often he needs money, a week. */
  readonly tolerance: number
  readonly needsMoney: number
  readonly holdings: Holdings
  profile: Investor
  knownAt: Instant
  liking: Liking
  bounds: Bounds
  plans: Plan[]
  hasBought: boolean
  /** The last products viewed, newest last. */
  lately: readonly number[]
  /** Views and purchases: what a slate policy may ask for. Empty where nobody asks. */
  readonly past: BehaviourEvent[]
}

export function boundsOf(profile: Investor, nature: Nature, day: number): Bounds {
  const { riskAssessment: assessment, investorClass } = profile
  const level = assessment === null ? 0 : levelNumber(assessment.level)
  return {
    level,
    cap: ageOn(nature, day) >= 64.9 ? Math.min(level, 3) : level,
    horizonMonths: profile.horizonMonths ?? 0,
    objectives: objectiveMask(profile.objectives ?? []),
    isOrdinary: investorClass === 'ordinary',
    isC1Minimum: level === 1 && (assessment?.acceptsNoLoss === true || assessment?.lacksFullCapacity === true),
  }
}

/** As the rules of a push have it: level, and for an ordinary investor horizon and objectives too. */
export const suits = (bucket: Bucket, { cap, isOrdinary, horizonMonths, objectives }: Bounds): boolean =>
  bucket.level <= cap &&
  (!isOrdinary || (bucket.minHorizonMonths <= horizonMonths && (bucket.objectives & objectives) !== 0))

/** What he may buy of his own accord though it does not suit him: up to two levels above; a C1-minimum nothing. */
export const tempts = (bucket: Bucket, bounds: Bounds): boolean =>
  bounds.level > 0 && !bounds.isC1Minimum && !suits(bucket, bounds) && bucket.level <= bounds.level + 2
