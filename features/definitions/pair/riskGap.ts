import { toleranceLevel } from '../investor/toleranceLevel.js'
import { riskLevel } from '../product/riskLevel.js'
import { type Feature } from '../feature.js'

export const riskGap: Feature<'pair'> = {
  name: 'risk_gap',
  version: 1,
  entity: 'pair',
  type: 'number',
  unit: 'levels',
  default: null,
  validDays: null,
  owner: 'suitability',
  meaning: "The investor's level less the product's: negative above his tolerance.",
  reads: ['investor.profile.riskAssessment.level', 'product.rating.level'],
  value: (context) => {
    const tolerance = toleranceLevel.value(context)
    const risk = riskLevel.value(context)
    return tolerance === null || risk === null ? null : tolerance - risk
  },
}
