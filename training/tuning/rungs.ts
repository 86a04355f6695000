/** Of the trials of a rung one in so many goes on, on so many times as much. */
export const eta = 3

/** At least so much of the investors is learnt from: on fewer a model says little of what it would be on all. */
const leastShare = 1 / 9

export type Rung = {
  /** Trials that it begins with. */
  readonly trials: number
  /** Of the investors, how many are learnt from; the last rung learns from all. */
  readonly share: number
}

/**
 * Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter
 * optimization"): `trials` configs on a small share, the best third on three times as much, and so on up to all of it.
 * Throws a RangeError for fewer than one trial.
 */
export function rungsOf(trials: number): readonly Rung[] {
  if (!Number.isSafeInteger(trials) || trials < 1)
    throw new RangeError(`tuning: ${trials} trials; want a whole number from 1`)
  const counts = [trials]
  for (let next = trials; next >= eta && counts.length < Math.round(Math.log(1 / leastShare) / Math.log(eta)) + 1;) {
    next = Math.ceil(next / eta)
    counts.push(next)
  }
  return counts.map((count, rung) => ({ trials: count, share: eta ** (rung - counts.length + 1) }))
}
