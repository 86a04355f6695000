import { type Feature } from '../feature.js'

export const horizon: Feature<'investor'> = {
  name: 'horizon',
  version: 1,
  entity: 'investor',
  type: 'number',
  unit: 'months',
  default: null,
  validDays: null,
  owner: 'investor data',
  meaning: 'How long he says he means to invest.',
  reads: ['investor.profile.horizonMonths'],
  value: ({ investor }) => investor.profile.horizonMonths,
}
