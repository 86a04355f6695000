import { type Feature } from '../feature.js'

/** Largest bearable loss of the invested sum. */
export const lossCapacity: Feature<'investor'> = {
  name: 'loss_capacity',
  entity: 'investor',
  unit: 'bps',
  reads: ['investor.profile.lossCapacityBps'],
  value: ({ investor }) => investor.profile.lossCapacityBps,
}
