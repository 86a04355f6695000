import { type Feature } from '../feature.js'

export const experiencedKinds: Feature<'investor'> = {
  name: 'experienced_kinds',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'kinds',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: 'Of how many kinds of product he states to be experienced.',
  reads: ['investor.profile.knowledge'],
  value: ({ investor: { profile } }) =>
    Object.values(profile.knowledge).filter((level) => level === 'experienced').length,
}
