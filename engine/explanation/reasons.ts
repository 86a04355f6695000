import { type Coded } from '../decision.js'
import { dot } from '../model/kernel.js'
import { type Vectors } from '../retrieval/vectors.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'

/** How near (cosine) a product must be to one of the investor's for that to be a reason. */
const nearEnough = 0.5
/** The newest of each kind of past that are compared. */
const compared = 20

/** Reasons that are true of this product and this investor, each by a check against the data; the first is the best. */
export function reasonsFor(
  product: Product,
  row: number,
  investor: InvestorSnapshot,
  vectors: Vectors,
  rowOf: ReadonlyMap<ProductId, number>,
): readonly Coded[] {
  return [...nearest(row, investor, vectors, rowOf), ...fits(product, investor)]
}

/** The most similar product that he bought or viewed, where one is near enough by the model's vectors. */
function nearest(
  row: number,
  { behaviour }: InvestorSnapshot,
  vectors: Vectors,
  rowOf: ReadonlyMap<ProductId, number>,
): readonly Coded[] {
  const past = [
    ...behaviour.purchased.slice(0, compared).map(({ productId }) => ({ productId, code: 'SIMILAR_TO_PURCHASED' })),
    ...behaviour.viewed.slice(0, compared).map(({ productId }) => ({ productId, code: 'SIMILAR_TO_VIEWED' })),
  ]
  let best: { code: string; productId: ProductId; cosine: number } | null = null
  for (const { productId, code } of past) {
    const other = rowOf.get(productId)
    if (other === undefined || other === row) continue
    const near = cosine(vectors, row, other)
    if (near >= nearEnough && (best === null || near > best.cosine)) best = { code, productId, cosine: near }
  }
  return best === null ? [] : [{ code: best.code, params: { productId: best.productId } }]
}

function cosine({ matrix, dimension }: Vectors, a: number, b: number): number {
  const inner = dot(matrix, a * dimension, matrix, b * dimension, dimension)
  const lengths =
    dot(matrix, a * dimension, matrix, a * dimension, dimension) *
    dot(matrix, b * dimension, matrix, b * dimension, dimension)
  return lengths > 0 ? inner / Math.sqrt(lengths) : 0
}

function fits(product: Product, { profile }: InvestorSnapshot): readonly Coded[] {
  const reasons: Coded[] = []
  const objective = profile.objectives?.find((wanted) => product.targetMarket.objectives.includes(wanted))
  if (objective !== undefined) reasons.push({ code: 'SERVES_OBJECTIVE', params: { objective } })
  const { minHorizonMonths } = product.targetMarket
  if (minHorizonMonths !== null && profile.horizonMonths !== null && minHorizonMonths <= profile.horizonMonths)
    reasons.push({ code: 'WITHIN_HORIZON', params: { minHorizonMonths, horizonMonths: profile.horizonMonths } })
  if (
    product.rating !== null &&
    profile.riskAssessment !== null &&
    product.rating.level.slice(1) <= profile.riskAssessment.level.slice(1)
  )
    reasons.push({
      code: 'WITHIN_TOLERANCE',
      params: { riskLevel: product.rating.level, toleranceLevel: profile.riskAssessment.level },
    })
  return reasons
}
