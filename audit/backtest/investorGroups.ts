import { type InvestorInputs } from '../../engine/suitability/inputs.js'

/** C1 to C5, `C1-min` (C1-minimum, whatever level stands beside), `none` without an assessment; professionals apart. */
export const levels = ['none', 'C1-min', 'C1', 'C2', 'C3', 'C4', 'C5', 'professional'] as const
export type Level = (typeof levels)[number]

export function levelOf({ investorClass, c1Minimum, riskLevel }: InvestorInputs): Level {
  if (investorClass === 'professional') return 'professional'
  if (c1Minimum === true) return 'C1-min'
  return levels.find((level) => level === `C${String(riskLevel)}`) ?? 'none'
}

/** Completed years on the day of the decision. */
export const ageBands = ['under 25', '25–34', '35–44', '45–54', '55–64', '65–74', '75 and over', 'unknown'] as const
export type AgeBand = (typeof ageBands)[number]

const upperBounds = [25, 35, 45, 55, 65, 75]

export function ageBandOf({ ageYears }: Pick<InvestorInputs, 'ageYears'>): AgeBand {
  if (typeof ageYears !== 'number') return 'unknown'
  const place = upperBounds.findIndex((bound) => ageYears < bound)
  return ageBands[place === -1 ? upperBounds.length : place] ?? 'unknown'
}
