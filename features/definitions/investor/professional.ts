import { type Feature } from '../feature.js'

export const professional: Feature<'investor'> = {
  name: 'professional',
  version: 1,
  entity: 'investor',
  type: 'flag',
  unit: '0 or 1',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: 'Whether his class is professional.',
  reads: ['investor.profile.investorClass'],
  value: ({ investor }) => (investor.profile.investorClass === 'professional' ? 1 : 0),
}
