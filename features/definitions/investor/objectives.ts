import { Objective } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

export const objectiveFeatures: readonly Feature<'investor'>[] = Objective.options.map((objective) => ({
  name: `objective_${objective.replaceAll('-', '_')}`,
  version: 1,
  entity: 'investor',
  type: 'flag',
  unit: '0 or 1',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: `Whether he states the objective ${objective}; missing where he states none.`,
  reads: ['investor.profile.objectives'],
  value: ({ investor: { profile } }) =>
    profile.objectives === null ? null : Number(profile.objectives.includes(objective)),
}))
