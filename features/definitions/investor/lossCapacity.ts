import { type Feature } from '../feature.js'

export const lossCapacity: Feature<'investor'> = {
  name: 'loss_capacity',
  version: 1,
  entity: 'investor',
  type: 'number',
  unit: 'bps',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: 'Largest bearable loss of the invested sum, as stated.',
  reads: ['investor.profile.lossCapacityBps'],
  value: ({ investor }) => investor.profile.lossCapacityBps,
}
