import { setImmediate } from 'node:timers/promises'
import type * as tfjs from '@tensorflow/tfjs'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { type Progress } from '../ials.js'
import { batchesOf } from './batches.js'
import { productTensors } from './batchTensors.js'
import { encodedCount } from './encode.js'
import { embeddings, productVectors, type Weights } from './network.js'
import { periodsOf } from './productFacts.js'
import { type Scaling, scalingOf } from './scaling.js'
import { initialValues, type Sizes, type WeightName, weightNames, weightShapes } from './shapes.js'
import { type FitInput, stepper } from './step.js'

export type Fitted = {
  readonly weights: Readonly<Record<WeightName, Float32Array>>
  readonly investorScaling: Scaling
  /** [n, h] and [n, d] of all products, from their newest facts. */
  readonly embedded: Float32Array
  readonly products: Float32Array
  /** Mean loss of each epoch, and of each step. */
  readonly losses: readonly number[]
  readonly stepLosses: readonly number[]
}

/**
 * Trains with Adam, and lets other work of the process go on between two steps. The same seed and backend give the same
 * bytes. Rejects with an Error where the loss is no number.
 */
export async function fitTwoTower(
  tf: TensorFlow,
  input: FitInput,
  config: TwoTowerConfig,
  seed: number,
  progress?: Progress,
): Promise<Fitted> {
  const { encoded, sizes } = input
  const investorScaling = scalingOf([encoded.features], encoded.featureNames.length)
  const weights = firstWeights(tf, sizes, config, seed)
  try {
    const found = await train(tf, weights, input, investorScaling, config, seed, progress)
    return { ...exported(tf, weights, input), investorScaling, ...found }
  } finally {
    for (const name of weightNames) weights[name].dispose()
  }
}

/** Variables that begin alike for the same seed on every backend; whoever asks for them disposes of them. */
export function firstWeights(tf: TensorFlow, sizes: Sizes, config: TwoTowerConfig, seed: number): Weights {
  const shapes = weightShapes(sizes, config)
  const variableOf = (name: WeightName): tfjs.Variable =>
    tf.tidy(() => tf.variable(tf.tensor(initialValues(name, shapes[name], seed), [...shapes[name].shape])))
  return Object.fromEntries(weightNames.map((name) => [name, variableOf(name)])) as Weights
}

async function train(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
  scaling: Scaling,
  config: TwoTowerConfig,
  seed: number,
  progress?: Progress,
): Promise<Pick<Fitted, 'losses' | 'stepLosses'>> {
  const { encoded, goods } = input
  const periods = goods?.facts.periods ?? []
  const periodOf = periodsOf(periods, encoded.at)
  const { step, settle } = stepper(tf, weights, input, scaling, config, seed)
  const size = batchSizeFor(encodedCount(encoded), config.batch)
  const batches = (epoch: number) => batchesOf(periodOf, Math.max(1, periods.length), size, seed, epoch)
  const perEpoch = batches(0).length
  const [losses, stepLosses]: [number[], number[]] = [[], []]
  try {
    for (let epoch = 0, done = 0; epoch < config.epochs; epoch++) {
      let sum = 0
      for (const batch of batches(epoch)) {
        const rate = config.learningRate * (1 - done / (config.epochs * perEpoch))
        const loss = step(batch, rate)
        stepLosses.push(loss)
        sum += loss * batch.examples.length
        progress?.(++done, config.epochs * perEpoch)
        await setImmediate()
      }
      losses.push(sum / Math.max(1, encodedCount(encoded)))
    }
  } finally {
    settle()
  }
  if (!losses.every(Number.isFinite))
    throw new Error(`two-tower: the loss is ${losses.join(', ')}; lower learningRate or raise temperature`)
  return { losses, stepLosses }
}

/** About a hundred steps an epoch where there is little data: a few large ones would leave the weights where they began. */
const batchSizeFor = (examples: number, most: number): number =>
  Math.min(most, Math.max(32, Math.floor(examples / 100)))

function exported(
  tf: TensorFlow,
  weights: Weights,
  input: FitInput,
): Pick<Fitted, 'weights' | 'embedded' | 'products'> {
  return tf.tidy(() => {
    const embedded = embeddings(tf, weights, productTensors(tf, input, input.goods?.facts.newest))
    const valuesOf = (tensor: tfjs.Tensor): Float32Array => Float32Array.from(tensor.dataSync())
    return {
      weights: Object.fromEntries(weightNames.map((name) => [name, valuesOf(weights[name])])) as Fitted['weights'],
      embedded: valuesOf(embedded),
      products: valuesOf(productVectors(tf, weights, embedded)),
    }
  })
}
