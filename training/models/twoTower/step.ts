import type * as tfjs from '@tensorflow/tfjs'
import { standardisedInput } from '../../../engine/model/investorInput.js'
import { randomFor } from '../../random.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { bagEntries } from './batches.js'
import { type BatchCandidates, candidatesOf } from './candidates.js'
import { type Encoded } from './encode.js'
import {
  type BagTensors,
  bagsOf,
  embeddings,
  investorVectors,
  type ProductTensors,
  productVectors,
  softmaxLoss,
  type Weights,
} from './network.js'
import { type ProductFacts } from './productFacts.js'
import { type Scaling } from './scaling.js'
import { type Sizes } from './shapes.js'

export type FitInput = {
  readonly encoded: Encoded
  /** null: of the products the ids alone are known. */
  readonly goods: Goods | null
  readonly sizes: Sizes
}

export type Goods = {
  readonly facts: ProductFacts
  /** [n] ordinals of each product's company and kind. */
  readonly companies: Int32Array
  readonly kinds: Int32Array
}

export type Batch = { readonly period: number; readonly examples: Int32Array }

/** → a function that lets the optimizer take one step over a batch, and gives its loss. */
export function stepper(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
  scaling: Scaling,
  config: TwoTowerConfig,
  seed: number,
): (optimizer: tfjs.AdamOptimizer, batch: Batch) => number {
  const { encoded, goods, sizes } = input
  const all = Int32Array.from({ length: sizes.products }, (_, row) => row)
  const random = randomFor(seed, 'two-tower/negatives')
  const shares = sharesOf(encoded.targets, sizes.products)
  const columnOf = new Int32Array(sizes.products).fill(-1)
  return (optimizer, { period, examples }) => {
    const then = goods?.facts.periods[period]
    const targets = Int32Array.from(examples, (example) => encoded.targets[example]!)
    const bag = bagEntries(encoded, examples)
    const negatives = { known: then?.known ?? all, negatives: config.negatives }
    const candidates = candidatesOf(targets, bag, shares, negatives, random, columnOf)
    const profiles = profilesOf(encoded, examples, scaling)
    return tf.tidy(() => {
      // Made out here: what a function of the optimizer makes is gone when its gradient runs.
      const products = productTensors(tf, input, then?.facts)
      const tensors = { goods: products, ...batchTensors(tf, bag, profiles, candidates, examples.length) }
      const cost = optimizer.minimize(() => batchLoss(tf, weights, tensors, config), true)
      return cost === null ? Number.NaN : cost.dataSync()[0]!
    })
  }
}

/** [b, 2f] */
function profilesOf(encoded: Encoded, examples: Int32Array, { means, scales }: Scaling): Float32Array {
  const f = means.length
  const profiles = new Float32Array(examples.length * 2 * f)
  examples.forEach((example, place) => {
    const raw = encoded.features.subarray(example * f, (example + 1) * f)
    profiles.set(standardisedInput(raw, means, scales), place * 2 * f)
  })
  return profiles
}

type BatchTensors = {
  readonly goods: ProductTensors | null
  /** null: nobody of the batch has a past. */
  readonly bag: BagTensors | null
  /** null: nothing is known of the investors but their past. */
  readonly profiles: tfjs.Tensor2D | null
  readonly candidates: tfjs.Tensor1D
  readonly offset: tfjs.Tensor2D
  readonly hits: tfjs.Tensor1D
}

function batchTensors(
  tf: TensorFlow,
  bag: ReturnType<typeof bagEntries>,
  profiles: Float32Array,
  { products, hits, offset }: BatchCandidates,
  size: number,
): Omit<BatchTensors, 'goods'> {
  const entries = (): BagTensors => ({
    rows: tf.tensor1d(bag.rows, 'int32'),
    places: tf.tensor1d(bag.places, 'int32'),
    shares: tf.tensor2d(bag.shares, [bag.shares.length, 1]),
  })
  return {
    bag: bag.rows.length === 0 ? null : entries(),
    profiles: profiles.length === 0 ? null : tf.tensor2d(profiles, [size, profiles.length / size]),
    candidates: tf.tensor1d(products, 'int32'),
    offset: tf.tensor2d(offset, [size, products.length]),
    hits: tf.tensor1d(hits, 'int32'),
  }
}

function batchLoss(
  tf: TensorFlow,
  weights: Weights,
  { goods, bag, profiles, candidates, offset, hits }: BatchTensors,
  { embedding, temperature, l2 }: TwoTowerConfig,
): tfjs.Scalar {
  const all = embeddings(tf, weights, goods)
  const size = hits.shape[0]
  const bags: tfjs.Tensor2D = bag === null ? tf.zeros([size, embedding]) : bagsOf(tf, all, bag, size)
  const investors = tf.mul(investorVectors(tf, weights, profiles, bags), 1 / temperature)
  const embedded = tf.gather(all, candidates)
  const logits: tfjs.Tensor2D = tf.matMul(investors, productVectors(tf, weights, embedded), false, true)
  const loss = softmaxLoss(tf, logits, offset, hits)
  return tf.add(loss, tf.mul(tf.sum(tf.square(embedded)), l2 / candidates.shape[0]))
}

/** What the product tower reads of all products but their ids, by the facts of one period; null where that is nothing. */
export function productTensors(
  tf: TensorFlow,
  { goods, sizes }: Pick<FitInput, 'goods' | 'sizes'>,
  facts: Float32Array | undefined,
): ProductTensors | null {
  if (goods === null || facts === undefined) return null
  return {
    companies: tf.tensor1d(goods.companies, 'int32'),
    kinds: tf.tensor1d(goods.kinds, 'int32'),
    facts: tf.tensor2d(facts, [sizes.products, sizes.factWidth]),
  }
}

/** [n] each product's share of all targets. */
function sharesOf(targets: Int32Array, products: number): Float64Array {
  const shares = new Float64Array(products)
  for (const target of targets) shares[target]! += 1 / targets.length
  return shares
}
