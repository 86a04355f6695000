import { type BagOptions, historyBag, investorFeaturesNamed } from '../../../engine/model/investorInput.js'
import { investorFeatures } from '../../../features/definitions/catalogue.js'
import { featureId } from '../../../features/definitions/feature.js'
import { type ProductId } from '../../../features/schema/ids.js'
import { type Instant } from '../../../features/schema/time.js'
import { type Example } from '../../examples.js'

/** Examples as arrays. The bag of example e is the entries bagStarts[e] … bagStarts[e + 1]. */
export type Encoded = {
  readonly featureNames: readonly string[]
  /** [n, f] raw investor features, NaN for a missing one. */
  readonly features: Float32Array
  /** [n] rows of the products purchased. */
  readonly targets: Int32Array
  /** [n] */
  readonly at: Float64Array
  readonly bagStarts: Int32Array
  readonly bagRows: Int32Array
  readonly bagWeights: Float32Array
}

export const encodedCount = ({ targets }: Encoded): number => targets.length

/**
 * Examples to arrays, those of products outside `rowOf` left out. The target is taken out of its own bag: that he
 * looked at it before he bought would teach the model to repeat what it is told.
 */
export function encodeExamples(
  examples: Iterable<Example>,
  rowOf: ReadonlyMap<ProductId, number>,
  options: BagOptions,
): Encoded {
  const featureNames = investorFeatures.map(featureId)
  const raw = investorFeaturesNamed(featureNames)
  const features: Float32Array[] = []
  const targets: number[] = []
  const instants: Instant[] = []
  const bagStarts = [0]
  const bagRows: number[] = []
  const bagWeights: number[] = []
  for (const { productId, at, investor } of examples) {
    const target = rowOf.get(productId)
    if (target === undefined) continue
    features.push(raw(investor, at))
    targets.push(target)
    instants.push(at)
    for (const { row, weight } of historyBag(investor.behaviour, at, rowOf, options)) {
      if (row === target) continue
      bagRows.push(row)
      bagWeights.push(weight)
    }
    bagStarts.push(bagRows.length)
  }
  const flat = new Float32Array(targets.length * featureNames.length)
  features.forEach((values, example) => flat.set(values, example * featureNames.length))
  return {
    featureNames,
    features: flat,
    targets: Int32Array.from(targets),
    at: Float64Array.from(instants),
    bagStarts: Int32Array.from(bagStarts),
    bagRows: Int32Array.from(bagRows),
    bagWeights: Float32Array.from(bagWeights),
  }
}
