import { z } from 'zod'
import { featureDigest } from '../../features/definitions/featureDigest.js'
import { Digest, type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Artifact } from './artifact.js'
import { type Weighted } from './foldIn.js'
import {
  type BagOptions,
  definitionsOf,
  historyBag,
  investorFeaturesNamed,
  standardisedInput,
} from './investorInput.js'
import { jsonText } from './jsonText.js'
import { floats, tensorOf } from './tensors.js'

/**
 * The investor tower of a two-tower model, x the standardised profile [2f], b the bag [h]: the weighted mean of the
 * embeddings of what he purchased and viewed, 0 without a past;
 *
 *   r = relu(x Wx + b Wb + c)  [hidden],   y = r Wo + b Ws + o  [d],   embedding = y / sqrt(|y|² + 1e-12).
 *
 * Sums run in double precision in the order of the rows, so that all processors give the same bits.
 */
export type InvestorTower = {
  readonly inputs: number
  readonly embedding: number
  readonly hidden: number
  readonly dimension: number
  /** [n, embedding] what the bag is a mean of. */
  readonly bag: Float32Array
  readonly profile: Float32Array
  readonly history: Float32Array
  readonly hiddenBias: Float32Array
  readonly out: Float32Array
  readonly skip: Float32Array
  readonly outBias: Float32Array
}

/** input: [inputs], past: weights above 0 → [dimension], of length 1. */
export function investorForward(tower: InvestorTower, input: Float32Array, past: readonly Weighted[]): Float32Array {
  const bag = meanOf(tower.bag, tower.embedding, past)
  const hidden = Float64Array.from(tower.hiddenBias)
  addProduct(hidden, input, tower.profile)
  addProduct(hidden, bag, tower.history)
  for (let i = 0; i < hidden.length; i++) if (hidden[i]! < 0) hidden[i] = 0
  const y = Float64Array.from(tower.outBias)
  addProduct(y, hidden, tower.out)
  addProduct(y, bag, tower.skip)
  let squares = 1e-12
  for (let i = 0; i < y.length; i++) squares += y[i]! * y[i]!
  const length = Math.sqrt(squares)
  return Float32Array.from(y, (value) => value / length)
}

function meanOf(rows: Float32Array, width: number, past: readonly Weighted[]): Float64Array {
  const mean = new Float64Array(width)
  let total = 0
  for (const { row, weight } of past) {
    total += weight
    for (let i = 0; i < width; i++) mean[i] = mean[i]! + weight * rows[row * width + i]!
  }
  if (total > 0) for (let i = 0; i < width; i++) mean[i] = mean[i]! / total
  return mean
}

/** sum [m] += x [k] · weights [k, m] */
function addProduct(sum: Float64Array, x: Float32Array | Float64Array, weights: Float32Array): void {
  const m = sum.length
  for (let k = 0; k < x.length; k++) {
    const value = x[k]!
    if (value === 0) continue
    for (let j = 0; j < m; j++) sum[j] = sum[j]! + value * weights[k * m + j]!
  }
}

const TowerMetadata = z.object({
  investorFeatures: jsonText.pipe(z.array(z.string())),
  /** Over their definitions; files of before there were versions have none. */
  featureDigest: Digest.optional(),
  viewWeight: z.coerce.number().min(0).max(1),
  recencyDays: z.coerce.number().positive(),
  mostPurchased: z.coerce.number().int().min(0),
  mostViewed: z.coerce.number().int().min(0),
})

/** The tower of an artifact as a function. Throws an Error that names the part of the file that is wrong. */
export function readInvestorTower(
  artifact: Artifact,
  rowOf: ReadonlyMap<ProductId, number>,
  dimension: number,
): (investor: InvestorSnapshot, at: Instant) => Float32Array {
  const parsed = TowerMetadata.safeParse(artifact.metadata)
  if (!parsed.success) throw new Error(`model file: __metadata__: ${z.prettifyError(parsed.error)}`)
  const names = parsed.data.investorFeatures
  const raw = investorFeaturesNamed(names)
  const { featureDigest: fittedOn } = parsed.data
  if (fittedOn !== undefined && fittedOn !== featureDigest(definitionsOf(names)))
    throw new Error('model file: the features that it reads are defined otherwise here; train it anew')
  const means = floats(artifact, 'investorMeans', [names.length])
  const scales = floats(artifact, 'investorScales', [names.length])
  const tower = readTower(artifact, rowOf.size, names.length, dimension)
  const options: BagOptions = parsed.data
  return (investor, at) =>
    investorForward(
      tower,
      standardisedInput(raw(investor, at), means, scales),
      historyBag(investor.behaviour, at, rowOf, options),
    )
}

/** The tower's weights. Throws an Error for a tensor that is absent or has another shape. */
export function readTower(artifact: Artifact, products: number, features: number, dimension: number): InvestorTower {
  const inputs = 2 * features
  const embedding = tensorOf(artifact, 'bag').shape[1] ?? 0
  const hidden = tensorOf(artifact, 'tower.hiddenBias').shape[0] ?? 0
  return {
    inputs,
    embedding,
    hidden,
    dimension,
    bag: floats(artifact, 'bag', [products, embedding]),
    profile: floats(artifact, 'tower.profile', [inputs, hidden]),
    history: floats(artifact, 'tower.history', [embedding, hidden]),
    hiddenBias: floats(artifact, 'tower.hiddenBias', [hidden]),
    out: floats(artifact, 'tower.out', [hidden, dimension]),
    skip: floats(artifact, 'tower.skip', [embedding, dimension]),
    outBias: floats(artifact, 'tower.outBias', [dimension]),
  }
}
