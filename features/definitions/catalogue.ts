import { type Feature } from './feature.js'
import { ageYears } from './investor/ageYears.js'
import { assetBand } from './investor/assetBand.js'
import { daysSincePurchase } from './investor/daysSincePurchase.js'
import { daysSinceView } from './investor/daysSinceView.js'
import { horizon } from './investor/horizon.js'
import { incomeBand } from './investor/incomeBand.js'
import { lossCapacity } from './investor/lossCapacity.js'
import { objectiveFeatures } from './investor/objectives.js'
import { professional } from './investor/professional.js'
import { purchaseCount } from './investor/purchaseCount.js'
import { toleranceLevel } from './investor/toleranceLevel.js'
import { viewCount } from './investor/viewCount.js'
import { horizonGap } from './pair/horizonGap.js'
import { riskGap } from './pair/riskGap.js'
import { crossBorder } from './product/crossBorder.js'
import { kindGroupFeatures } from './product/kindGroup.js'
import { lockup } from './product/lockup.js'
import { maxDrawdown } from './product/maxDrawdown.js'
import { minHorizon } from './product/minHorizon.js'
import { return12m, return1m, return3m, return6m } from './product/navReturn.js'
import { productAge } from './product/productAge.js'
import { purchaseFee } from './product/purchaseFee.js'
import { riskLevel } from './product/riskLevel.js'
import { term } from './product/term.js'
import { volatility } from './product/volatility.js'
import { yearlyFee } from './product/yearlyFee.js'

/**
 * The columns of every vector, in their order. Training and serving read this one list; a model stores the names of
 * the columns that it was fitted on, so a feature may be added at the end, and any other change needs a new model.
 */
export const productFeatures: readonly Feature<'product'>[] = [
  ...kindGroupFeatures,
  riskLevel,
  volatility,
  return1m,
  return3m,
  return6m,
  return12m,
  maxDrawdown,
  purchaseFee,
  yearlyFee,
  lockup,
  term,
  minHorizon,
  productAge,
  crossBorder,
]

export const investorFeatures: readonly Feature<'investor'>[] = [
  ageYears,
  toleranceLevel,
  horizon,
  professional,
  assetBand,
  incomeBand,
  lossCapacity,
  purchaseCount,
  daysSincePurchase,
  viewCount,
  daysSinceView,
  ...objectiveFeatures,
]

export const pairFeatures: readonly Feature<'pair'>[] = [riskGap, horizonGap]
