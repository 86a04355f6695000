import { indexAt, type NavSeries } from '../../definitions/navFacts.js'

/**
 * nav_daily holds unit NAVs, which fall by a distribution and jump by a split without any loss. Such a step must not
 * count as a return. Ours, no source:
 *
 * - suspect: a fall of more than 8 robust standard deviations (1.4826 × median absolute return) and more than .5 %, or
 *   any step beyond ±21 % (daily price limits are 10 or 20 %; 30 % in Beijing);
 * - but a day on which at least ten funds are suspect is a day of the market (2024-09-30, 2025-04-07), and its steps
 *   stay, for a fall taken for a distribution would make a fund look calmer than it was;
 * - a step beyond ±40 % is never a return.
 */
const deviations = 8
const leastFall = 0.005
const largestDay = 0.21
const certainJump = 0.4
const fundsOfAMarketDay = 10

const stepAt = ({ navs }: NavSeries, i: number): number => (navs[i] ?? 1) / (navs[i - 1] ?? 1) - 1

const isSuspect = (step: number, robust: number): boolean =>
  Math.abs(step) > largestDay || step < -Math.max(deviations * robust, leastFall)

function suspects(series: NavSeries): number[] {
  const sizes = Float64Array.from({ length: Math.max(0, series.navs.length - 1) }, (_, i) =>
    Math.abs(stepAt(series, i + 1)),
  ).sort()
  const robust = 1.4826 * (sizes[sizes.length >>> 1] ?? 0)
  const found: number[] = []
  for (let i = 1; i < series.navs.length; i++) {
    if (isSuspect(stepAt(series, i), robust)) found.push(i)
  }
  return found
}

/** So many steps before a NAV say how large the fund's are; with fewer than `leastBefore` no fall is too large for them. */
const stepsBefore = 250
const leastBefore = 60

/** As `suspects`, each by the steps before it alone: what was known when the NAV came. */
function suspectsThen(series: NavSeries): number[] {
  const sorted = new Float64Array(stepsBefore + 1)
  let count = 0
  const placeOf = (size: number): number => indexAt({ days: sorted.subarray(0, count), navs: sorted }, size)
  const found: number[] = []
  for (let i = 1; i < series.navs.length; i++) {
    const step = stepAt(series, i)
    const robust = count < leastBefore ? Number.POSITIVE_INFINITY : 1.4826 * (sorted[count >>> 1] ?? 0)
    if (isSuspect(step, robust)) found.push(i)
    const into = placeOf(Math.abs(step)) + 1
    sorted.copyWithin(into + 1, into, count)
    sorted[into] = Math.abs(step)
    count++
    if (count <= stepsBefore) continue
    const oldest = placeOf(Math.abs(stepAt(series, i - stepsBefore)))
    sorted.copyWithin(oldest, oldest + 1, count)
    count--
  }
  return found
}

/** Per fund the indices of its NAVs whose step is a split or a distribution, by all that its series shows. */
export const jumpsOf = (all: ReadonlyMap<string, NavSeries>): ReadonlyMap<string, ReadonlySet<number>> =>
  unshared(all, suspects)

/** The same by what was known on the evening of each NAV: what comes later changes nothing. */
export const jumpsAsTheyCame = (all: ReadonlyMap<string, NavSeries>): ReadonlyMap<string, ReadonlySet<number>> =>
  unshared(all, suspectsThen)

function unshared(
  all: ReadonlyMap<string, NavSeries>,
  suspectsOf: (series: NavSeries) => number[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const suspected = new Map([...all].map(([code, series]) => [code, suspectsOf(series)]))
  const fundsOn = new Map<number, number>()
  for (const [code, indices] of suspected) {
    for (const i of indices) {
      const day = all.get(code)?.days[i] ?? 0
      fundsOn.set(day, (fundsOn.get(day) ?? 0) + 1)
    }
  }
  const jumps = new Map<string, ReadonlySet<number>>()
  for (const [code, series] of all) {
    const isJump = (i: number) =>
      Math.abs(stepAt(series, i)) > certainJump || (fundsOn.get(series.days[i] ?? 0) ?? 0) < fundsOfAMarketDay
    jumps.set(code, new Set((suspected.get(code) ?? []).filter(isJump)))
  }
  return jumps
}
