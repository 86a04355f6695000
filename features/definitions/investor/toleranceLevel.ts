import { levelNumber } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

/** C1 to C5 as 1 to 5, whatever the assessment's age: expiry is the rules' matter. */
export const toleranceLevel: Feature<'investor'> = {
  name: 'tolerance_level',
  entity: 'investor',
  unit: 'level',
  reads: ['investor.profile.riskAssessment.level'],
  value: ({ investor: { profile } }) =>
    profile.riskAssessment === null ? null : levelNumber(profile.riskAssessment.level),
}
