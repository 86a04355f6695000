import { type BasisPoints } from '../schema/money.js'
import { type NavFacts } from '../schema/product.js'
import { dateOfDayNumber, dayNumber } from '../schema/time.js'
import { addMonths } from './calendar.js'

/** Net asset values of one product, days ascending without repeats. days: [n] day numbers; navs: [n] units, > 0. */
export type NavSeries = { readonly days: ArrayLike<number>; readonly navs: ArrayLike<number> }

/** A NAV stands for a day up to so many days after its own: over a holiday, but not over a hole in the series. */
export const longestGapDays = 35

/** How often a series is valued, and how many returns a volatility then needs. */
const frequencies = [
  { upToDays: 4, perYear: 252, least: 120 },
  { upToDays: 10, perYear: 52, least: 26 },
  { upToDays: 45, perYear: 12, least: 12 },
] as const

export type Volatility = { readonly volatilityBps: BasisPoints; readonly observations: number }

/** Index of the last NAV of a day ≤ `day`; -1 where there is none. */
export function indexAt({ days }: NavSeries, day: number): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((days[middle] ?? 0) <= day) low = middle + 1
    else high = middle
  }
  return low - 1
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN

/** How often the NAVs between two indices come, by their median gap; undefined: too seldom, or there is one alone. */
export const frequencyOf = (series: NavSeries, from: number, to: number): (typeof frequencies)[number] | undefined =>
  frequencies.find(({ upToDays }) => medianGap(series, from, to) <= upToDays)

/** Simple return of the step to index `i`; a step in `jumps` counts as 0. */
const stepTo = ({ navs }: NavSeries, i: number, jumps: ReadonlySet<number>): number =>
  jumps.has(i) ? 0 : at(navs, i) / at(navs, i - 1) - 1

/** Gaps of so many days and more are counted as one: no frequency allows them. */
const longestCounted = 64

/** The middle one of the gaps between days, the upper of two; counted, for sorting would be most of the work. */
function medianGap({ days }: NavSeries, from: number, to: number): number {
  if (to <= from) return Number.POSITIVE_INFINITY
  const counts = new Uint32Array(longestCounted + 1)
  for (let i = from + 1; i <= to; i++) {
    const gap = Math.min(longestCounted, at(days, i) - at(days, i - 1))
    counts[gap] = (counts[gap] ?? 0) + 1
  }
  let gap = 0
  for (let below = counts[0] ?? 0; below <= (to - from) >>> 1; below += counts[gap] ?? 0) gap += 1
  return gap
}

/** Standard deviation with n − 1 in the denominator; n ≥ 2. */
export function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += at(values, i)
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (at(values, i) - mean) * (at(values, i) - mean)
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * Annualised standard deviation of the simple returns of the last `years` years up to `last` (an index): times √252,
 * √52 or √12 by the median gap between NAVs, from at least 120, 26 or 12 returns; null where there are fewer.
 */
export function volatilityAt(
  series: NavSeries,
  last: number,
  jumps: ReadonlySet<number> = new Set(),
  years = 3,
): Volatility | null {
  const from = Math.max(0, indexAt(series, monthsBefore(at(series.days, last), 12 * years)))
  const frequency = frequencyOf(series, from, last)
  const steps = new Float64Array(Math.max(0, last - from))
  let observations = 0
  for (let i = from + 1; i <= last; i++) if (!jumps.has(i)) steps[observations++] = stepTo(series, i, jumps)
  if (frequency === undefined || observations < frequency.least) return null
  const volatility = standardDeviation(steps.subarray(0, observations)) * Math.sqrt(frequency.perYear)
  return { volatilityBps: Math.round(volatility * 10_000), observations }
}

function returnOver(series: NavSeries, last: number, months: number, jumps: ReadonlySet<number>): BasisPoints | null {
  const target = monthsBefore(at(series.days, last), months)
  const from = indexAt(series, target)
  if (from < 0 || target - at(series.days, from) > longestGapDays) return null
  let grown = 1
  for (let i = from + 1; i <= last; i++) grown *= 1 + stepTo(series, i, jumps)
  // A fall that rounds to nothing is 0, never −0, which no file can tell.
  return Math.round((grown - 1) * 10_000) + 0
}

/** Deepest fall from a peak to a later trough within 36 months, 0 to 10,000 bps. */
function drawdownAt(series: NavSeries, last: number, jumps: ReadonlySet<number>): BasisPoints {
  const from = Math.max(0, indexAt(series, monthsBefore(at(series.days, last), 36)))
  let value = 1
  let peak = 1
  let deepest = 0
  for (let i = from + 1; i <= last; i++) {
    value *= 1 + stepTo(series, i, jumps)
    if (value > peak) peak = value
    if (1 - value / peak > deepest) deepest = 1 - value / peak
  }
  return Math.min(10_000, Math.round(deepest * 10_000))
}

/**
 * The facts of a product as of the NAV at index `last`, from NAVs up to it alone. `jumps`: indices of NAVs whose step
 * is a split or a distribution and no return; such a step counts as 0 and not as an observation.
 */
export function navFactsAt(series: NavSeries, last: number, jumps: ReadonlySet<number> = new Set()): NavFacts {
  return {
    navDate: dateOfDayNumber(at(series.days, last)),
    navMicros: Math.round(at(series.navs, last) * 1_000_000),
    return1mBps: returnOver(series, last, 1, jumps),
    return3mBps: returnOver(series, last, 3, jumps),
    return6mBps: returnOver(series, last, 6, jumps),
    return12mBps: returnOver(series, last, 12, jumps),
    volatilityBps: volatilityAt(series, last, jumps)?.volatilityBps ?? null,
    maxDrawdownBps: last > 0 ? drawdownAt(series, last, jumps) : null,
  }
}

/** Day number `months` calendar months before a day number. */
export const monthsBefore = (day: number, months: number): number => dayNumber(addMonths(dateOfDayNumber(day), -months))
