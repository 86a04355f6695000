import type * as tfjs from '@tensorflow/tfjs'
import { standardisedInput } from '../../../engine/model/investorInput.js'
import { randomFor } from '../../random.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { type Progress } from '../ials.js'
import { bagEntries, batchesOf } from './batches.js'
import { candidatesOf } from './candidates.js'
import { type Encoded, encodedCount } from './encode.js'
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
import { periodsOf, type ProductFacts } from './productFacts.js'
import { type Scaling, scalingOf } from './scaling.js'
import { initialValues, type Sizes, type WeightName, weightNames, weightShapes } from './shapes.js'

export type FitInput = {
  readonly encoded: Encoded
  readonly facts: ProductFacts
  /** [n] ordinals of each product's company and kind. */
  readonly companies: Int32Array
  readonly kinds: Int32Array
  readonly sizes: Sizes
}

export type Fitted = {
  readonly weights: Readonly<Record<WeightName, Float32Array>>
  readonly investorScaling: Scaling
  /** [n, h] and [n, d] of all products, from their newest facts. */
  readonly embedded: Float32Array
  readonly products: Float32Array
  /** Mean loss of each epoch. */
  readonly losses: readonly number[]
}

/** Trains with Adam. The same seed and backend give the same bytes. Throws an Error where the loss is no number. */
export function fitTwoTower(
  tf: TensorFlow,
  input: FitInput,
  config: TwoTowerConfig,
  seed: number,
  progress?: Progress,
): Fitted {
  const { encoded, sizes } = input
  const investorScaling = scalingOf([encoded.features], encoded.featureNames.length)
  const shapes = weightShapes(sizes, config)
  const weights = Object.fromEntries(
    weightNames.map((name) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(initialValues(name, shapes[name], seed), [...shapes[name].shape]))),
    ]),
  ) as Weights
  try {
    const losses = train(tf, weights, input, investorScaling, config, seed, progress)
    return { ...exported(tf, weights, input), investorScaling, losses }
  } finally {
    for (const name of weightNames) weights[name].dispose()
  }
}

function train(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
  scaling: Scaling,
  config: TwoTowerConfig,
  seed: number,
  progress?: Progress,
): number[] {
  const { encoded, facts } = input
  const periodOf = periodsOf(facts.periods, encoded.at)
  const step = stepper(tf, weights, input, scaling, config, seed)
  const optimizer = tf.train.adam(config.learningRate)
  const size = batchSizeFor(encodedCount(encoded), config.batch)
  const perEpoch = batchesOf(periodOf, facts.periods.length, size, seed, 0).length
  const losses: number[] = []
  try {
    for (let epoch = 0, done = 0; epoch < config.epochs; epoch++) {
      let sum = 0
      for (const batch of batchesOf(periodOf, facts.periods.length, size, seed, epoch)) {
        setLearningRate(optimizer, config.learningRate * (1 - done / (config.epochs * perEpoch)))
        sum += step(optimizer, batch) * batch.examples.length
        progress?.(++done, config.epochs * perEpoch)
      }
      losses.push(sum / Math.max(1, encodedCount(encoded)))
    }
  } finally {
    optimizer.dispose()
  }
  if (!losses.every(Number.isFinite))
    throw new Error(`two-tower: the loss is ${losses.join(', ')}; lower learningRate or raise temperature`)
  return losses
}

/** About a hundred steps an epoch where there is little data: a few large ones would leave the weights where they began. */
const batchSizeFor = (examples: number, most: number): number =>
  Math.min(most, Math.max(32, Math.floor(examples / 100)))

/** Adam reads its rate at each step; its type hides that it may change. */
function setLearningRate(optimizer: tfjs.AdamOptimizer, rate: number): void {
  ;(optimizer as unknown as { learningRate: number }).learningRate = rate
}

type Batch = { readonly period: number; readonly examples: Int32Array }

/** One step of the optimizer over a batch → its loss. */
function stepper(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
  { means, scales }: Scaling,
  config: TwoTowerConfig,
  seed: number,
): (optimizer: tfjs.AdamOptimizer, batch: Batch) => number {
  const { encoded, facts, sizes } = input
  const random = randomFor(seed, 'two-tower/negatives')
  const shares = sharesOf(encoded.targets, sizes.products)
  const columnOf = new Int32Array(sizes.products).fill(-1)
  const f = means.length
  return (optimizer, { period, examples }) => {
    const { facts: standing, known } = facts.periods[period]!
    const b = examples.length
    const targets = Int32Array.from(examples, (example) => encoded.targets[example]!)
    const bag = bagEntries(encoded, examples)
    const { products, hits, offset } = candidatesOf(
      targets,
      bag,
      shares,
      { known, negatives: config.negatives },
      random,
      columnOf,
    )
    const profiles = new Float32Array(b * 2 * f)
    examples.forEach((example, place) =>
      profiles.set(
        standardisedInput(encoded.features.subarray(example * f, (example + 1) * f), means, scales),
        place * 2 * f,
      ),
    )
    return tf.tidy(() => {
      // Made out here: what a function of the optimizer makes is gone when its gradient runs.
      const tensors: BatchTensors = {
        goods: productTensors(tf, input, standing),
        bag:
          bag.rows.length === 0
            ? null
            : {
                rows: tf.tensor1d(bag.rows, 'int32'),
                places: tf.tensor1d(bag.places, 'int32'),
                shares: tf.tensor2d(bag.shares, [bag.shares.length, 1]),
              },
        profiles: tf.tensor2d(profiles, [b, 2 * f]),
        candidates: tf.tensor1d(products, 'int32'),
        offset: tf.tensor2d(offset, [b, products.length]),
        hits: tf.tensor1d(hits, 'int32'),
      }
      const cost = optimizer.minimize(() => batchLoss(tf, weights, tensors, config), true)
      return cost === null ? Number.NaN : cost.dataSync()[0]!
    })
  }
}

type BatchTensors = {
  readonly goods: ProductTensors
  /** null: nobody of the batch has a past. */
  readonly bag: BagTensors | null
  readonly profiles: tfjs.Tensor2D
  readonly candidates: tfjs.Tensor1D
  readonly offset: tfjs.Tensor2D
  readonly hits: tfjs.Tensor1D
}

function batchLoss(
  tf: TensorFlow,
  weights: Weights,
  { goods, bag, profiles, candidates, offset, hits }: BatchTensors,
  { embedding, temperature, l2 }: TwoTowerConfig,
): tfjs.Scalar {
  const all = embeddings(tf, weights, goods)
  const size = profiles.shape[0]
  const bags: tfjs.Tensor2D = bag === null ? tf.zeros([size, embedding]) : bagsOf(tf, all, bag, size)
  const investors = tf.mul(investorVectors(tf, weights, profiles, bags), 1 / temperature)
  const embedded = tf.gather(all, candidates)
  const logits: tfjs.Tensor2D = tf.matMul(investors, productVectors(tf, weights, embedded), false, true)
  const loss = softmaxLoss(tf, logits, offset, hits)
  return tf.add(loss, tf.mul(tf.sum(tf.square(embedded)), l2 / candidates.shape[0]))
}

function productTensors(
  tf: TensorFlow,
  { companies, kinds, sizes }: Pick<FitInput, 'companies' | 'kinds' | 'sizes'>,
  facts: Float32Array,
): ProductTensors {
  return {
    companies: tf.tensor1d(companies, 'int32'),
    kinds: tf.tensor1d(kinds, 'int32'),
    facts: tf.tensor2d(facts, [sizes.products, sizes.factWidth]),
  }
}

/** [n] each product's share of all targets. */
function sharesOf(targets: Int32Array, products: number): Float64Array {
  const shares = new Float64Array(products)
  for (const target of targets) shares[target]! += 1 / targets.length
  return shares
}

function exported(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
): Pick<Fitted, 'weights' | 'embedded' | 'products'> {
  return tf.tidy(() => {
    const embedded = embeddings(tf, weights, productTensors(tf, input, input.facts.newest))
    const valuesOf = (tensor: tfjs.Tensor): Float32Array => Float32Array.from(tensor.dataSync())
    return {
      weights: Object.fromEntries(weightNames.map((name) => [name, valuesOf(weights[name])])) as Fitted['weights'],
      embedded: valuesOf(embedded),
      products: valuesOf(productVectors(tf, weights, embedded)),
    }
  })
}
