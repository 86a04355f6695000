import { type Feature } from '../feature.js'

export const viewCount: Feature<'investor'> = {
  name: 'view_count',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'views',
  default: null,
  validDays: null,
  owner: 'recommendation',
  meaning: 'Views so far, of the products that the past keeps.',
  reads: ['investor.behaviour.viewed'],
  value: ({ investor }) => investor.behaviour.viewed.reduce((sum, { count }) => sum + count, 0),
}
