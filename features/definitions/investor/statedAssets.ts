import { type Feature } from '../feature.js'

export const statedAssets: Feature<'investor'> = {
  name: 'stated_assets',
  version: 1,
  entity: 'investor',
  type: 'number',
  unit: 'minor units',
  default: null,
  validDays: 730,
  owner: 'investor data',
  meaning: 'Financial assets as he stated them; two years after they were told they count as unknown.',
  reads: ['investor.profile.finances.financialAssets'],
  value: ({ investor: { profile } }) => profile.finances?.financialAssets?.minor ?? null,
}
