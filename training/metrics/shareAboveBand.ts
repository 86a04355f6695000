/**
 * Share of the first k shown whose risk band lies above the customer's: 0 is what suitability demands of a push.
 * `bands` are those of the shown, best first. Null where nothing was shown. In [0, 1].
 */
export function shareAboveBand(bands: readonly number[], customerBand: number, k: number): number | null {
  const top = bands.slice(0, k)
  if (top.length === 0) return null
  return top.filter((band) => band > customerBand).length / top.length
}
