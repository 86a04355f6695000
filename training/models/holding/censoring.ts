/** For how long a purchase was held, in days: until all of it was redeemed, or until it was last looked at. */
export type Duration = { readonly days: number; readonly ended: boolean }

/** Whether each was still held after the horizon, and with which weight that is known: 0 where it is not. */
export type Outcomes = { readonly held: Uint8Array; readonly weights: Float64Array }

/**
 * Labels under right censoring, by inverse probability of censoring (Robins and Rotnitzky 1992). G(t) is the chance of
 * not being censored before t, by Kaplan and Meier with censoring as the event; of equal times an end comes first. What
 * ended within the horizon h weighs 1 / G(its time), what was held for h days 1 / G(h), and what was censored before that 0,
 * so that those who are known stand for those who are not. Censoring must not depend on what would have come: it is the
 * day on which the log ends.
 */
export function outcomesAt(durations: readonly Duration[], horizonDays: number): Outcomes {
  const uncensored = uncensoredChance(durations)
  const held = Uint8Array.from(durations, ({ days }) => (days >= horizonDays ? 1 : 0))
  const weights = Float64Array.from(durations, ({ days, ended }) => {
    if (days >= horizonDays) return 1 / uncensored(horizonDays)
    return ended ? 1 / uncensored(days) : 0
  })
  return { held, weights }
}

/** t → G(t) = Π_{c < t} (1 − censored at c / still looked at then). */
function uncensoredChance(durations: readonly Duration[]): (days: number) => number {
  const byTime = [...durations].sort((a, b) => a.days - b.days || Number(b.ended) - Number(a.ended))
  const times: number[] = []
  const chances: number[] = []
  let chance = 1
  byTime.forEach(({ days, ended }, place) => {
    if (ended) return
    chance *= 1 - 1 / (byTime.length - place)
    times.push(days)
    chances.push(chance)
  })
  return (days) => {
    let [low, high] = [0, times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((times[middle] ?? Infinity) < days) low = middle + 1
      else high = middle
    }
    return low === 0 ? 1 : (chances[low - 1] ?? 1)
  }
}
