import { type Feature } from '../feature.js'

export const daysSinceView: Feature<'investor'> = {
  name: 'days_since_view',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'days',
  default: null,
  validDays: null,
  owner: 'recommendation',
  meaning: 'Whole days (of 24 hours) since the last view; missing where there is none.',
  reads: ['investor.behaviour.viewed'],
  value: ({ investor, at }) => {
    const [newest] = investor.behaviour.viewed
    return newest === undefined ? null : Math.max(0, Math.floor((at - newest.lastAt) / 86_400_000))
  },
}
