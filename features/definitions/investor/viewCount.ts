import { type Feature } from '../feature.js'

/** Views so far, of the products that the past keeps; 0 where there is none. */
export const viewCount: Feature<'investor'> = {
  name: 'view_count',
  entity: 'investor',
  unit: 'views',
  reads: ['investor.behaviour.viewed'],
  value: ({ investor }) => investor.behaviour.viewed.reduce((sum, { count }) => sum + count, 0),
}
