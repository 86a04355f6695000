import { dateOfDayNumber, type Instant, type LocalDate } from '../schema/time.js'
import { frequencyOf, indexAt, longestGapDays, monthsBefore, type NavSeries, standardDeviation } from './navFacts.js'

/** Lengths of the windows, in calendar months. */
export const windowMonths = [1, 3, 6, 12, 36] as const

/** No volatility from fewer returns than this, however short the window. */
export const leastReturns = 12

/**
 * What a product did over the `months` before its newest NAV; fractions, not rounded. All is null, and `returns` 0, where
 * the window is not covered.
 */
export type NavWindow = {
  readonly months: number
  /** Value of the newest NAV over that of the window's first, less 1. */
  readonly totalReturn: number | null
  /** A year; null from too few returns as well. */
  readonly volatility: number | null
  /** Deepest fall from a peak of the window to a later NAV, 0 to 1. */
  readonly maxDrawdown: number | null
  /** Steps that count into the volatility. */
  readonly returns: number
}

/** A product's windows, shortest first, as of the NAV of `navDate`. */
export type NavWindowFacts = {
  readonly navDate: LocalDate
  readonly nav: number
  readonly windows: readonly NavWindow[]
}

/** Every NAV told of one product, corrections among them: days ascending; of one day as they became known. All [n]. */
export type NavRevisions = {
  /** Day numbers. */
  readonly days: ArrayLike<number>
  readonly navs: ArrayLike<number>
  /** 0 where the step to the NAV is a split or a distribution. */
  readonly isReturn: ArrayLike<number>
  /** ms UTC. */
  readonly knownAt: ArrayLike<number>
}

/** A series with the indices of the NAVs whose step is a split or a distribution. */
export type KnownSeries = { readonly series: NavSeries; readonly jumps: ReadonlySet<number> }

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN

/** The NAVs known strictly before `asOf`, of each day the newest: a later correction changes nothing. */
export function seriesKnown({ days, navs, isReturn, knownAt }: NavRevisions, asOf: Instant): KnownSeries {
  const known: number[] = []
  for (let i = 0; i < days.length; i++) {
    if (at(knownAt, i) >= asOf) continue
    if (known.length > 0 && at(days, known[known.length - 1] ?? 0) === at(days, i)) known.pop()
    known.push(i)
  }
  const jumps = new Set<number>()
  for (const [index, i] of known.entries()) if (at(isReturn, i) === 0) jumps.add(index)
  return { series: { days: known.map((i) => at(days, i)), navs: known.map((i) => at(navs, i)) }, jumps }
}

/** NAVs up to `last` as if nothing had been split or paid out: each × (NAV before / NAV) of every jump up to it. */
export function wholeValues({ navs }: NavSeries, last: number, jumps: ReadonlySet<number>): Float64Array {
  const values = new Float64Array(last + 1)
  let carried = 1
  for (let i = 0; i <= last; i++) {
    if (i > 0 && jumps.has(i)) carried *= at(navs, i - 1) / at(navs, i)
    values[i] = at(navs, i) * carried
  }
  return values
}

function deepestFall(values: Float64Array, from: number): number {
  let [peak, deepest] = [0, 0]
  for (let i = from; i < values.length; i++) {
    peak = Math.max(peak, at(values, i))
    deepest = Math.max(deepest, 1 - at(values, i) / peak)
  }
  return deepest
}

type Spread = Pick<NavWindow, 'volatility' | 'returns'>

function spreadOver(series: NavSeries, from: number, last: number, months: number, jumps: ReadonlySet<number>): Spread {
  const steps = new Float64Array(last - from)
  let returns = 0
  for (let i = from + 1; i <= last; i++)
    if (!jumps.has(i)) steps[returns++] = at(series.navs, i) / at(series.navs, i - 1) - 1
  const frequency = frequencyOf(series, from, last)
  if (frequency === undefined || returns < Math.max(leastReturns, (frequency.perYear * months) / 24))
    return { volatility: null, returns }
  return { volatility: standardDeviation(steps.subarray(0, returns)) * Math.sqrt(frequency.perYear), returns }
}

/**
 * Return, volatility and maximal drawdown over 1, 3, 6, 12 and 36 months up to the NAV at index `last`, from NAVs up to
 * it alone. A window begins at the NAV that stands on the day so many calendar months before (`addMonths`: 31 March
 * less a month is 28 February): that day's, or the last before it, at most 35 days earlier; without one it is not
 * covered. A step of `jumps` is a split or a distribution: it changes no value and is no return. Volatility is the
 * standard deviation (n − 1) of the simple returns between neighbouring NAVs of the window, times √252, √52 or √12 by
 * the median gap between them (up to 4, 10, 45 days; the upper of two), from at least 12 returns and half of those that
 * the window has room for. The plain twin of `features/history/navWindows.ts`, which computes the same in SQL.
 */
export function navWindowsAt(series: NavSeries, last: number, jumps: ReadonlySet<number> = new Set()): NavWindowFacts {
  const values = wholeValues(series, last, jumps)
  const day = at(series.days, last)
  const windows = windowMonths.map((months): NavWindow => {
    const begins = monthsBefore(day, months)
    const from = indexAt(series, begins)
    if (from < 0 || begins - at(series.days, from) > longestGapDays)
      return { months, totalReturn: null, volatility: null, maxDrawdown: null, returns: 0 }
    return {
      months,
      totalReturn: at(values, last) / at(values, from) - 1,
      ...spreadOver(series, from, last, months, jumps),
      maxDrawdown: deepestFall(values, from),
    }
  })
  return { navDate: dateOfDayNumber(day), nav: at(series.navs, last), windows }
}

/** The windows of a product as they were known strictly before `asOf`; null where no NAV was. */
export function navWindowsKnown(revisions: NavRevisions, asOf: Instant): NavWindowFacts | null {
  const { series, jumps } = seriesKnown(revisions, asOf)
  return series.days.length === 0 ? null : navWindowsAt(series, series.days.length - 1, jumps)
}
