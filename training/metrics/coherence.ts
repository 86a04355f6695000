/**
 * Profile coherence PC@k: the share of the first k shown whose risk band differs from the customer's by at most one
 * (Sanz-Cruzado et al. 2024, arXiv 2407.08692). `bands` are those of the shown, best first.
 * Null where nothing was shown: an empty slate is neither coherent nor incoherent. In [0, 1].
 */
export function coherence(bands: readonly number[], customerBand: number, k: number): number | null {
  const top = bands.slice(0, k)
  if (top.length === 0) return null
  return top.filter((band) => Math.abs(band - customerBand) <= 1).length / top.length
}

/**
 * PC of a list against that of a random list over the same candidates: above 1, the list follows the customer's
 * profile more than chance does. Null where the random list has none within one band.
 */
export const coherenceLift = (pc: number, randomPc: number): number | null => (randomPc > 0 ? pc / randomPc : null)
