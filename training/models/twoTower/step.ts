import type * as tfjs from '@tensorflow/tfjs'
import { randomFor } from '../../random.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { bagEntries } from './batches.js'
import {
  type CandidateTensors,
  candidateTensors,
  type InvestorTensors,
  investorTensors,
  productTensors,
  profilesOf,
} from './batchTensors.js'
import { candidatesOf } from './candidates.js'
import { type Encoded } from './encode.js'
import { drawPool, hardest, type Pool } from './hardNegatives.js'
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
    const known = then?.known ?? all
    const count = known.length === 0 ? 0 : Math.round(config.negatives * config.hardShare)
    const profiles = profilesOf(encoded, examples, scaling)
    return tf.tidy(() => {
      // Made out here: what a function of the optimizer makes is gone when its gradient runs.
      const given = {
        goods: productTensors(tf, input, then?.facts),
        ...investorTensors(tf, bag, profiles, examples.length),
      }
      const pool = drawPool(targets, bag, known, { count, size: config.hardPool }, random)
      const hard = hardest(pool, poolScores(tf, weights, given, pool), config.hardPool)
      const negatives = { known, negatives: config.negatives - count, hard, correction: config.correction }
      const candidates = candidatesOf(targets, bag, shares, negatives, random, columnOf)
      const tensors = { ...given, ...candidateTensors(tf, candidates) }
      const cost = optimizer.minimize(() => batchLoss(tf, weights, tensors, config), true)
      return cost === null ? Number.NaN : cost.dataSync()[0]!
    })
  }
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
function poolScores(tf: TensorFlow, weights: Weights, given: InvestorTensors, { places, rows }: Pool): Float32Array {
  if (rows.length === 0) return new Float32Array()
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
