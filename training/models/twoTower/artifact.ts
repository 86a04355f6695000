import { type Artifact } from '../../../engine/model/artifact.js'
import { definitionsOf } from '../../../engine/model/investorInput.js'
import { featureDigest } from '../../../features/definitions/featureDigest.js'
import { type TwoTowerConfig } from '../config.js'
import { type Fitted } from './fit.js'
import { type ProductFacts } from './productFacts.js'
import { type Sizes, weightShapes } from './shapes.js'

export type Learnt = {
  readonly fitted: Fitted
  readonly sizes: Sizes
  readonly facts: Pick<ProductFacts, 'featureNames' | 'scaling'>
  readonly investorFeatures: readonly string[]
  readonly productIds: readonly string[]
  readonly companyIds: readonly string[]
  /** [n] purchases learnt from, a product each. */
  readonly popularity: Float32Array
}

/**
 * What serving needs: the products' vectors, the investor tower's weights, and `bag`, the embeddings that a past is a
 * mean of. The formula of the tower stands in engine/model/twoTower.ts. Of the product tower the vectors are enough: a
 * new product gets one by training again.
 */
export function twoTowerArtifact(learnt: Learnt, config: TwoTowerConfig, seed: number, backend: string): Artifact {
  const { fitted, sizes, facts } = learnt
  const { weights, investorScaling } = fitted
  const shapes = weightShapes(sizes, config)
  const tensor = (name: keyof typeof weights) => ({ shape: shapes[name].shape, data: weights[name] })
  const width = learnt.investorFeatures.length
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'two-tower',
      productIds: JSON.stringify(learnt.productIds),
      companyIds: JSON.stringify(learnt.companyIds),
      investorFeatures: JSON.stringify(learnt.investorFeatures),
      featureDigest: featureDigest(definitionsOf(learnt.investorFeatures)),
      productFeatures: JSON.stringify(facts.featureNames),
      viewWeight: String(config.viewWeight),
      recencyDays: String(config.recencyDays),
      mostPurchased: String(config.mostPurchased),
      mostViewed: String(config.mostViewed),
      dimension: String(config.dimension),
      temperature: String(config.temperature),
      losses: fitted.losses.map((loss) => loss.toFixed(4)).join(' '),
      backend,
      seed: String(seed),
    },
    tensors: {
      products: { shape: [sizes.products, config.dimension], data: fitted.products },
      bag: { shape: [sizes.products, config.embedding], data: fitted.embedded },
      popularity: { shape: [sizes.products], data: learnt.popularity },
      investorMeans: { shape: [width], data: investorScaling.means },
      investorScales: { shape: [width], data: investorScaling.scales },
      productMeans: { shape: [facts.scaling.means.length], data: facts.scaling.means },
      productScales: { shape: [facts.scaling.scales.length], data: facts.scaling.scales },
      'tower.profile': tensor('profile'),
      'tower.history': tensor('history'),
      'tower.hiddenBias': tensor('hiddenBias'),
      'tower.out': tensor('out'),
      'tower.skip': tensor('skip'),
      'tower.outBias': tensor('outBias'),
    },
  }
}
