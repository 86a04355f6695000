/** For how long something was seen to last: until its end, or until it was last looked at (censored). */
export type Lifetime = { readonly time: number; readonly ended: boolean }

/** One time at which something ended. */
export type SurvivalStep = {
  readonly time: number
  /** How many were still looked at just before. */
  readonly atRisk: number
  readonly ended: number
  /** Ŝ from this time on, until the next step. */
  readonly survival: number
}

/**
 * The product-limit estimate of survival under right censoring (Kaplan and Meier 1958, JASA 53(282)):
 *
 *   Ŝ(t) = Π_{tᵢ ≤ t} (1 − dᵢ / nᵢ),
 *
 * dᵢ having ended at tᵢ out of nᵢ that had lasted until then. What is censored at tᵢ was still at risk at it. Steps
 * ascend, a time each; before the first Ŝ is 1. Empty where nothing ended. Censoring must not depend on what would
 * have come: here it is the day of the evaluation. Throws a RangeError for a time that is negative or NaN.
 */
export function kaplanMeier(lifetimes: readonly Lifetime[]): SurvivalStep[] {
  const byTime = [...lifetimes].sort((a, b) => a.time - b.time)
  if (byTime.some(({ time }) => !(time >= 0))) throw new RangeError('Kaplan–Meier: a time is negative or no number')
  const steps: SurvivalStep[] = []
  let survival = 1
  for (let begin = 0, end = 0; begin < byTime.length; begin = end) {
    const time = byTime[begin]?.time ?? 0
    let ended = 0
    for (; byTime[end]?.time === time; end++) if (byTime[end]?.ended === true) ended++
    if (ended === 0) continue
    const atRisk = byTime.length - begin
    survival *= 1 - ended / atRisk
    steps.push({ time, atRisk, ended, survival })
  }
  return steps
}
