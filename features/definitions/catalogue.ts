import { affinities, meanLevels, topCompanyShares } from './activity/decayed.js'
import { activeDays, companiesTouched, daysSince, productsViewed, windowCounts } from './activity/counts.js'
import { holdingFeatures, meanPurchase, purchasedAmount, redeemedAmount, turnover } from './activity/holdings.js'
import { type AnyFeature, type Feature, featureId } from './feature.js'
import { ageYears } from './investor/ageYears.js'
import { assetBand } from './investor/assetBand.js'
import { daysSincePurchase } from './investor/daysSincePurchase.js'
import { daysSinceView } from './investor/daysSinceView.js'
import { experiencedKinds } from './investor/experiencedKinds.js'
import { horizon } from './investor/horizon.js'
import { incomeBand } from './investor/incomeBand.js'
import { lossCapacity } from './investor/lossCapacity.js'
import { objectiveFeatures } from './investor/objectives.js'
import { professional } from './investor/professional.js'
import { profileAge } from './investor/profileAge.js'
import { purchaseCount } from './investor/purchaseCount.js'
import { statedAssets } from './investor/statedAssets.js'
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
 * The columns of every vector, in their order, each in its present version. Training and serving read these lists; a
 * model stores the ids (`name@version`) of the columns that it was fitted on, so a feature may be added at the end, and
 * a changed one comes as a new version beside the one before, which stays for the models that read it.
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

/** What a model reads of an investor's profile and past. */
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

/** What the feature store serves of an investor beside these: none changes within a day (UTC) but by a new fact. */
export const storedFeatures: readonly (Feature<'investor'> | Feature<'activity'>)[] = [
  ...investorFeatures.filter((feature) => feature !== daysSincePurchase && feature !== daysSinceView),
  statedAssets,
  experiencedKinds,
  profileAge,
  ...windowCounts,
  productsViewed,
  companiesTouched,
  ...activeDays,
  ...daysSince,
  ...affinities,
  ...topCompanyShares,
  ...meanLevels,
  ...holdingFeatures,
  purchasedAmount,
  redeemedAmount,
  meanPurchase,
  turnover,
]

export const pairFeatures: readonly Feature<'pair'>[] = [riskGap, horizonGap]

/** Every definition there is, each once, those of the stored vector first; ids are unique. */
export const allFeatures: readonly AnyFeature[] = [
  ...new Set<AnyFeature>([...storedFeatures, ...investorFeatures, ...productFeatures, ...pairFeatures]),
]

/** A feature by `name@version`, or by its name alone where a model was fitted before there were versions: version 1. */
export const featureById = (id: string): AnyFeature | undefined =>
  allFeatures.find((feature) => featureId(feature) === (id.includes('@') ? id : `${id}@1`))
