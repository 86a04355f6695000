import { horizon } from '../investor/horizon.js'
import { minHorizon } from '../product/minHorizon.js'
import { type Feature } from '../feature.js'

export const horizonGap: Feature<'pair'> = {
  name: 'horizon_gap',
  version: 1,
  entity: 'pair',
  type: 'number',
  unit: 'months',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: "The investor's horizon less the product's recommended holding period.",
  reads: ['investor.profile.horizonMonths', 'product.targetMarket.minHorizonMonths'],
  value: (context) => {
    const wanted = horizon.value(context)
    const needed = minHorizon.value(context)
    return wanted === null || needed === null ? null : wanted - needed
  },
}
