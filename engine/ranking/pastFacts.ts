import { log } from '../../features/definitions/math.js'

/** e⁴ days, seven weeks: about the middle of what occurs, so that products with it have both signs. */
const usualIdle = 4

/**
 * What a term may be multiplied by that is no feature: `past.size`, the logarithm of the products bought, and
 * `past.idle`, that of 1 + the days since the latest of them, less 4. Both are 0 for an investor without a past.
 */
export const pastFacts = (bought: number, idleDays: number): ReadonlyMap<string, number> =>
  new Map([
    ['past.size', log(Math.max(1, bought))],
    ['past.idle', bought === 0 ? 0 : log(1 + Math.max(0, idleDays)) - usualIdle],
  ])

export const pastFactNames: readonly string[] = [...pastFacts(0, 0).keys()]
