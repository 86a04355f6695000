import { levelNumber } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

export const toleranceLevel: Feature<'investor'> = {
  name: 'tolerance_level',
  version: 1,
  entity: 'investor',
  type: 'ordinal',
  unit: 'level',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: "Tolerance C1 to C5 as 1 to 5, whatever the assessment's age: expiry is the rules' matter.",
  reads: ['investor.profile.riskAssessment.level'],
  value: ({ investor: { profile } }) =>
    profile.riskAssessment === null ? null : levelNumber(profile.riskAssessment.level),
}
