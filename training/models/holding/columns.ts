import { investorFeatures, productFeatures } from '../../../features/definitions/catalogue.js'
import { featureId } from '../../../features/definitions/feature.js'
import { investorVector, productVector } from '../../../features/definitions/vectors.js'
import { type Product } from '../../../features/schema/product.js'
import { type InvestorSnapshot } from '../../../features/schema/records.js'
import { type Instant } from '../../../features/schema/time.js'
import { type Scaling, scalingOf } from '../twoTower/scaling.js'

export const productIds = productFeatures.map(featureId)
export const investorIds = investorFeatures.map(featureId)

/**
 * Products of a product's feature and an investor's: who bears falls stays where prices swing, and who needs the money
 * soon leaves. Few, so that little data suffices.
 */
export const crosses: readonly (readonly [product: string, investor: string])[] = [
  ['volatility@1', 'tolerance_level@1'],
  ['volatility@1', 'loss_capacity@1'],
  ['max_drawdown@1', 'tolerance_level@1'],
  ['risk_level@1', 'tolerance_level@1'],
  ['risk_level@1', 'age@1'],
  ['risk_level@1', 'horizon@1'],
  ['lockup@1', 'horizon@1'],
]

/** A pair of which it may become known for how long it was held: both as they were known at the instant. */
export type HoldingPair = { readonly investor: InvestorSnapshot; readonly product: Product; readonly at: Instant }

export type Scalings = { readonly product: Scaling; readonly investor: Scaling }

export const scalingsOf = (pairs: readonly HoldingPair[]): Scalings => ({
  product: scalingOf(
    pairs.map(({ product, at }) => productVector(product, at)),
    productIds.length,
  ),
  investor: scalingOf(
    pairs.map(({ investor, at }) => investorVector(investor, at)),
    investorIds.length,
  ),
})

/** Beyond so many standard deviations a value is cut. */
const widest = 4

/** [f] standardised; what is missing, or never varied, is 0. */
export const standardised = (raw: Float32Array, { means, scales }: Scaling): Float64Array =>
  Float64Array.from(raw, (value, column) => {
    const scale = scales[column] ?? 0
    const deviation = scale === 0 ? 0 : (value - (means[column] ?? 0)) / scale
    return Number.isNaN(deviation) ? 0 : Math.max(-widest, Math.min(widest, deviation))
  })

/** 1, the product's columns, the investor's, the crosses. */
export const width = 1 + productIds.length + investorIds.length + crosses.length

/** [n, width] */
export function designOf(pairs: readonly HoldingPair[], scalings: Scalings): Float64Array {
  const x = new Float64Array(pairs.length * width)
  pairs.forEach(({ investor, product, at }, row) => {
    const ofProduct = standardised(productVector(product, at), scalings.product)
    const ofInvestor = standardised(investorVector(investor, at), scalings.investor)
    const crossed = crosses.map(
      ([p, i]) => (ofProduct[productIds.indexOf(p)] ?? 0) * (ofInvestor[investorIds.indexOf(i)] ?? 0),
    )
    x.set([1, ...ofProduct, ...ofInvestor, ...crossed], row * width)
  })
  return x
}
