import { type Feature } from '../feature.js'

/** Whether his class is professional. */
export const professional: Feature<'investor'> = {
  name: 'professional',
  entity: 'investor',
  unit: '0 or 1',
  reads: ['investor.profile.investorClass'],
  value: ({ investor }) => (investor.profile.investorClass === 'professional' ? 1 : 0),
}
