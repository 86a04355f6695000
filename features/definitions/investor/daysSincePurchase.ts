import { type Feature } from '../feature.js'

/** Whole days since the last purchase; missing where there is none. Purchases stand newest first. */
export const daysSincePurchase: Feature<'investor'> = {
  name: 'days_since_purchase',
  entity: 'investor',
  unit: 'days',
  reads: ['investor.behaviour.purchased'],
  value: ({ investor, at }) => {
    const [newest] = investor.behaviour.purchased
    return newest === undefined ? null : Math.max(0, Math.floor((at - newest.lastAt) / 86_400_000))
  },
}
