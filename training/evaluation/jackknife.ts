import { type Measured } from './report.js'

/**
 * A statistic of all slates together with its 95 % interval by the delete-one jackknife (Efron and Stein 1981, Annals
 * of Statistics 9(3), who show that its variance errs upwards in the mean):
 *
 *   value ± 1.96 √((n − 1)/n Σᵢ (θ₍ᵢ₎ − θ̄)²).
 *
 * Not the bootstrap: a resample repeats investors, so it shows fewer products than all of them did, and the interval of
 * a coverage would lie below its value. `without` gives the statistic of all but one, null where it has none.
 */
export function jackknife(value: number, n: number, without: (investor: number) => number | null): Measured | null {
  if (!Number.isFinite(value) || n === 0) return null
  const values: number[] = []
  for (let investor = 0; investor < n; investor++) {
    const left = without(investor)
    if (left !== null && Number.isFinite(left)) values.push(left)
  }
  const mean = values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length)
  const spread = values.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  const half = 1.959964 * Math.sqrt((spread * Math.max(0, values.length - 1)) / Math.max(1, values.length))
  return { value, low: value - half, high: value + half, n }
}
