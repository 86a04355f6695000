import { type ProductKind, type RiskLevel, type ToleranceLevel } from '../schema/levels.js'

/** The two columns of FAR-Trans's asset_information.csv that fix a band. */
export type FarTransAsset = { readonly assetCategory: string; readonly assetSubCategory: string }

/** 0 to 3, of a customer and of an asset alike: an asset is suitable where its band is at most the customer's. */
export type FarTransBand = 0 | 1 | 2 | 3

/**
 * Band of one row of asset_information.csv: money-market fund and government bond 0, bond fund and corporate bond 1,
 * equity fund 3, everything else 2 (stocks too: the set has no prices to compute a volatility from). `MTF`, `Bonds` is
 * a misspelt `Bond`. Source: the data set's README, "Bands".
 */
export const farTransBand = ({ assetCategory, assetSubCategory }: FarTransAsset): FarTransBand => {
  switch (`${assetCategory}/${assetSubCategory}`) {
    case 'MTF/Money Market':
    case 'Bond/Government':
      return 0
    case 'MTF/Bond':
    case 'MTF/Bonds':
    case 'Bond/Corporate':
      return 1
    case 'MTF/Equity':
      return 3
    default:
      return 2
  }
}

/** Band of an ISIN that has several rows: the highest of theirs, since of two readings the cautious one stands. */
export const farTransBandOfRows = (rows: readonly FarTransAsset[]): FarTransBand =>
  rows.reduce<FarTransBand>((highest, row) => {
    const band = farTransBand(row)
    return band > highest ? band : highest
  }, 0)

/** R1 to R4 of bands 0 to 3: R5 does not occur. */
export const farTransRiskLevel = (band: FarTransBand): RiskLevel => (['R1', 'R2', 'R3', 'R4'] as const)[band]

const kinds: Readonly<Record<string, ProductKind>> = {
  'MTF/Money Market': 'money-market',
  'MTF/Bond': 'bond',
  'MTF/Bonds': 'bond',
  'MTF/Equity': 'equity',
  'MTF/Balanced': 'mixed-balanced',
  'MTF/Structured': 'structured',
  'MTF/Other': 'mixed-flexible',
  'Bond/Government': 'government-bond',
  'Bond/Corporate': 'corporate-bond',
  'Stock/': 'stock',
  'Stock/Large Cap': 'stock',
}

/** Kind of one row of asset_information.csv; null where its categories are none that the data set documents. */
export const farTransKind = ({ assetCategory, assetSubCategory }: FarTransAsset): ProductKind | null =>
  kinds[`${assetCategory}/${assetSubCategory}`] ?? null

export type FarTransTolerance = {
  readonly level: ToleranceLevel
  readonly band: FarTransBand
  readonly basis: 'questionnaire' | 'predicted'
}

const tolerances: Readonly<Record<string, { level: ToleranceLevel; band: FarTransBand }>> = {
  Conservative: { level: 'C1', band: 0 },
  Income: { level: 'C2', band: 1 },
  Balanced: { level: 'C3', band: 2 },
  Aggressive: { level: 'C4', band: 3 },
}

const predictedPrefix = 'Predicted_'

/**
 * Tolerance of a `riskLevel` of customer_information.csv; `Predicted_X` counts as X and is told by `basis`. Null for
 * `Not_Available` and for any other text: see `isFarTransRiskLevel`.
 */
export const farTransTolerance = (riskLevel: string): FarTransTolerance | null => {
  const predicted = riskLevel.startsWith(predictedPrefix)
  const found = tolerances[predicted ? riskLevel.slice(predictedPrefix.length) : riskLevel]
  return found === undefined ? null : { ...found, basis: predicted ? 'predicted' : 'questionnaire' }
}

/** Whether a text is one that `riskLevel` may hold, `Not_Available` included. */
export const isFarTransRiskLevel = (riskLevel: string): boolean =>
  riskLevel === 'Not_Available' || farTransTolerance(riskLevel) !== null
