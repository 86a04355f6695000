import { Objective } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

/** One column an objective: 1 where he states it, else 0; missing where he states nothing. */
export const objectiveFeatures: readonly Feature<'investor'>[] = Objective.options.map((objective) => ({
  name: `objective_${objective.replaceAll('-', '_')}`,
  entity: 'investor',
  unit: '0 or 1',
  reads: ['investor.profile.objectives'],
  value: ({ investor: { profile } }) =>
    profile.objectives === null ? null : Number(profile.objectives.includes(objective)),
}))
