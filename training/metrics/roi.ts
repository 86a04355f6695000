export type ReturnOfShown = {
  /** Mean return of the shown that have one, as a fraction (0.01 = 1 %); null where none has. */
  readonly mean: number | null
  /** How many of the shown have a return: the coverage's numerator. */
  readonly covered: number
}

/**
 * ROI@k after Sanz-Cruzado et al. 2024 (FAR-Trans, arXiv 2407.08692): the mean of the 30-day returns, over the test
 * window, of the first k shown. A product without a price is left out and told in `covered`, never counted as 0.
 */
export function returnOfShown<Id>(shown: readonly Id[], returns: ReadonlyMap<Id, number>, k: number): ReturnOfShown {
  let sum = 0
  let covered = 0
  for (const id of shown.slice(0, k)) {
    const value = returns.get(id)
    if (value === undefined) continue
    sum += value
    covered++
  }
  return { mean: covered === 0 ? null : sum / covered, covered }
}
