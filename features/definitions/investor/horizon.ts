import { type Feature } from '../feature.js'

/** How long he means to invest. */
export const horizon: Feature<'investor'> = {
  name: 'horizon',
  entity: 'investor',
  unit: 'months',
  reads: ['investor.profile.horizonMonths'],
  value: ({ investor }) => investor.profile.horizonMonths,
}
