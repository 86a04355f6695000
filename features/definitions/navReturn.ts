import { indexAt, type NavSeries } from './navFacts.js'
import { type NavRevisions, seriesKnown, wholeValues } from './navWindows.js'
import { type Instant } from '../schema/time.js'

/** A NAV of so many days before stands for a day: over a week of holidays, but a month is not measured by a week. */
const longestBefore = 10

/**
 * Return from the NAV that stands on one day to that on a later one, as a fraction, as if nothing had been split or paid
 * out, as known strictly before `asOf`. Null where no NAV stands on either, or the same one on both.
 */
export function returnBetween(revisions: NavRevisions, from: number, to: number, asOf: Instant): number | null {
  const { series, jumps } = seriesKnown(revisions, asOf)
  const [first, last] = [standing(series, from), standing(series, to)]
  if (first === null || last === null || first === last) return null
  const values = wholeValues(series, last, jumps)
  return (values[last] ?? Number.NaN) / (values[first] ?? Number.NaN) - 1
}

function standing(series: NavSeries, day: number): number | null {
  const index = indexAt(series, day)
  return index >= 0 && day - (series.days[index] ?? -Infinity) <= longestBefore ? index : null
}
