import { toleranceLevel } from '../investor/toleranceLevel.js'
import { riskLevel } from '../product/riskLevel.js'
import { type Feature } from '../feature.js'

/** The investor's level less the product's: negative above his tolerance. */
export const riskGap: Feature<'pair'> = {
  name: 'risk_gap',
  entity: 'pair',
  unit: 'levels',
  reads: ['investor.profile.riskAssessment.level', 'product.rating.level'],
  value: (context) => {
    const tolerance = toleranceLevel.value(context)
    const risk = riskLevel.value(context)
    return tolerance === null || risk === null ? null : tolerance - risk
  },
}
