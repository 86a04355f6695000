import type * as tfjs from '@tensorflow/tfjs'
import { randomFor } from '../../random.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { bagEntries } from './batches.js'
import {
  bagTensors,
  type CandidateTensors,
  candidateTensors,
  type InvestorTensors,
  investorTensors,
  productTensors,
  profilesOf,
} from './batchTensors.js'
import { candidatesOf } from './candidates.js'
import { type Encoded } from './encode.js'
import { drawPool, hardest } from './hardNegatives.js'
import { rowLearner, wholeLearner } from './learner.js'
import { lossOf, scoreScale } from './losses.js'
import { bagsOf, embeddings, investorVectors, productVectors, type Weights } from './network.js'
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

/** Takes steps of Adam; `settle` writes into the weights what was kept beside them, and ends it. */
export type Stepper = {
  /** One step over a batch → its loss. */
  readonly step: (batch: Batch, learningRate: number) => number
  readonly settle: () => void
}

export function stepper(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
  scaling: Scaling,
  config: TwoTowerConfig,
  seed: number,
): Stepper {
  const { encoded, goods, sizes } = input
  const all = Int32Array.from({ length: sizes.products }, (_, row) => row)
  const random = randomFor(seed, 'two-tower/negatives')
  const shares = sharesOf(encoded.targets, sizes.products)
  const columnOf = new Int32Array(sizes.products).fill(-1)
  const learner = goods === null ? rowLearner(tf, weights) : wholeLearner(tf, weights)
  const step = ({ period, examples }: Batch, learningRate: number): number => {
    const then = goods?.facts.periods[period]
    const targets = Int32Array.from(examples, (example) => encoded.targets[example]!)
    const bag = bagEntries(encoded, examples)
    const known = then?.known ?? all
    const count = known.length === 0 ? 0 : Math.round(config.negatives * config.hardShare)
    const profiles = profilesOf(encoded, examples, scaling)
    return tf.tidy(() => {
      const facts = productTensors(tf, input, then?.facts)
      const given = { goods: facts, ...investorTensors(tf, profiles, examples.length) }
      const pool = drawPool(targets, bag, known, { count, size: config.hardPool }, random)
      const scores =
        count === 0
          ? new Float32Array()
          : learner.read(bag.rows, pool.rows, (seen, bagRows, rows) =>
              poolScores(tf, seen, { ...given, bag: bagTensors(tf, bag, bagRows) }, pool.places, rows),
            )
      const negatives = {
        known,
        negatives: config.negatives - count,
        hard: hardest(pool, scores, config.hardPool),
        correction: config.correction,
      }
      const candidates = candidatesOf(targets, bag, shares, negatives, random, columnOf)
      return learner.learn(bag.rows, candidates.products, learningRate, (bagRows, rows) => {
        // Made out here: what is made within a function that is differentiated is gone when its gradient runs.
        const tensors = {
          ...given,
          bag: bagTensors(tf, bag, bagRows),
          ...candidateTensors(tf, candidates, rows),
        }
        return (seen) => batchLoss(tf, seen, tensors, config)
      })
    })
  }
  return { step, settle: learner.settle }
}

/** [b, d] of the investors of a batch, from the embeddings of all products. */
function investorsOf(
  tf: TensorFlow,
  weights: Weights,
  all: tfjs.Tensor2D,
  { bag, profiles, size }: InvestorTensors,
): tfjs.Tensor2D {
  const bags: tfjs.Tensor2D = bag === null ? tf.zeros([size, all.shape[1]]) : bagsOf(tf, all, bag, size)
  return investorVectors(tf, weights, profiles, bags)
}

/** The cosine of each pair of the pool, as the model stands. */
function poolScores(
  tf: TensorFlow,
  weights: Weights,
  given: InvestorTensors,
  places: Int32Array,
  rows: Int32Array,
): Float32Array {
  const all = embeddings(tf, weights, given.goods)
  const products = productVectors(tf, weights, tf.gather(all, tf.tensor1d(rows, 'int32')))
  const investors = tf.gather(investorsOf(tf, weights, all, given), tf.tensor1d(places, 'int32'))
  return tf.sum(tf.mul(investors, products), 1).dataSync<'float32'>()
}

function batchLoss(
  tf: TensorFlow,
  weights: Weights,
  { candidates, offset, hits, ...given }: InvestorTensors & CandidateTensors,
  config: TwoTowerConfig,
): tfjs.Scalar {
  const all = embeddings(tf, weights, given.goods)
  const embedded = tf.gather(all, candidates)
  const products = productVectors(tf, weights, embedded)
  const investors = tf.mul(investorsOf(tf, weights, all, given), scoreScale(config))
  const loss = lossOf(tf, tf.matMul(investors, products, false, true), offset, hits, config)
  return tf.add(loss, tf.mul(tf.sum(tf.square(embedded)), config.l2 / candidates.shape[0]))
}

/** [n] each product's share of all targets. */
function sharesOf(targets: Int32Array, products: number): Float64Array {
  const shares = new Float64Array(products)
  for (const target of targets) shares[target]! += 1 / targets.length
  return shares
}
