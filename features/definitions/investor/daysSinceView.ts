import { type Feature } from '../feature.js'

/** Whole days since the last view; missing where there is none. Views stand newest first. */
export const daysSinceView: Feature<'investor'> = {
  name: 'days_since_view',
  entity: 'investor',
  unit: 'days',
  reads: ['investor.behaviour.viewed'],
  value: ({ investor, at }) => {
    const [newest] = investor.behaviour.viewed
    return newest === undefined ? null : Math.max(0, Math.floor((at - newest.lastAt) / 86_400_000))
  },
}
