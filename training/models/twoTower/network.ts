import type * as tfjs from '@tensorflow/tfjs'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type WeightName } from './shapes.js'

type Tensor2D = tfjs.Tensor2D
type Tensor1D = tfjs.Tensor1D

/** The weights as tensors, within one step or one tidy. */
export type Weights = Readonly<Record<WeightName, tfjs.Variable>>

/** Company and kind of every product [n], and its facts [n, w]. */
export type ProductTensors = { readonly companies: Tensor1D; readonly kinds: Tensor1D; readonly facts: Tensor2D }

/** Entries of all bags of a batch: product row, place of the investor in the batch, share of the bag (they sum to 1). */
export type BagTensors = { readonly rows: Tensor1D; readonly places: Tensor1D; readonly shares: Tensor2D }

/** Embeddings of all products, [n, h]: id + company + kind + facts · F, or the id alone. A bag is a mean of them. */
export function embeddings(tf: TensorFlow, weights: Weights, goods: ProductTensors | null): Tensor2D {
  if (goods === null) return weights.id as Tensor2D
  const { companies, kinds, facts } = goods
  return tf.addN([
    weights.id,
    tf.gather(weights.company, companies),
    tf.gather(weights.kind, kinds),
    tf.matMul(facts, weights.facts as Tensor2D),
  ]) as Tensor2D
}

/** embedded: [m, h] → vectors of length 1, [m, d]. */
export function productVectors(tf: TensorFlow, weights: Weights, embedded: Tensor2D): Tensor2D {
  const hidden = tf.relu(tf.add(tf.matMul(embedded, weights.productHidden as Tensor2D), weights.productHiddenBias))
  const out = tf.add(tf.matMul(hidden, weights.productOut as Tensor2D), weights.productBias)
  return unit(tf, tf.add(out, tf.matMul(embedded, weights.productSkip as Tensor2D)))
}

/** profiles: [b, w], or null where w is 0; bags: [b, h] → vectors of length 1, [b, d]; the formula of engine/model/twoTower.ts. */
export function investorVectors(tf: TensorFlow, weights: Weights, profiles: Tensor2D | null, bags: Tensor2D): Tensor2D {
  const bias = weights.hiddenBias
  const known = profiles === null ? bias : tf.add(tf.matMul(profiles, weights.profile as Tensor2D), bias)
  const hidden = tf.relu(tf.add(known, tf.matMul(bags, weights.history as Tensor2D)))
  const out = tf.add(tf.matMul(hidden, weights.out as Tensor2D), weights.outBias)
  return unit(tf, tf.add(out, tf.matMul(bags, weights.skip as Tensor2D)))
}

function unit(tf: TensorFlow, rows: tfjs.Tensor): Tensor2D {
  return tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12)))
}

/**
 * Weighted sums of embeddings by investor: [n, h] → [size, h]. Its gradient is written out, for the general one of a
 * segment sum costs three passes more over all entries.
 */
export function bagsOf(
  tf: TensorFlow,
  embedded: Tensor2D,
  { rows, places, shares }: BagTensors,
  size: number,
): Tensor2D {
  const products = embedded.shape[0]
  const bag = tf.customGrad((table) => ({
    value: tf.unsortedSegmentSum(tf.mul(tf.gather(table as Tensor2D, rows), shares), places, size),
    gradFunc: (dy) => tf.unsortedSegmentSum(tf.mul(tf.gather(dy as Tensor2D, places), shares), rows, products),
  }))
  return bag(embedded) as Tensor2D
}

/**
 * Mean cross-entropy of softmax(logits + offset) against one column a row. logits, offset: [b, c]; `hits`: the flat
 * places of the right columns, row · c + column, [b]. The gradient, softmax − one-hot, is written out.
 */
export function softmaxLoss(tf: TensorFlow, logits: Tensor2D, offset: Tensor2D, hits: Tensor1D): tfjs.Scalar {
  const [rows, columns] = logits.shape
  const loss = tf.customGrad((values, save) => {
    const shares = tf.reshape(tf.softmax(tf.add(values as tfjs.Tensor, offset)), [rows * columns])
    ;(save as tfjs.GradSaveFunc)([shares])
    return {
      value: tf.neg(tf.mean(tf.log(tf.maximum(tf.gather(shares, hits), 1e-30)))),
      gradFunc: (dy, [saved]) => {
        const oneHot = tf.unsortedSegmentSum(tf.ones([rows]), hits, rows * columns)
        return tf.mul(tf.reshape(tf.sub(saved as tfjs.Tensor, oneHot), [rows, columns]), tf.div(dy, rows))
      },
    }
  })
  return loss(logits) as tfjs.Scalar
}
