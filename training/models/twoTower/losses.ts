import type * as tfjs from '@tensorflow/tfjs'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { softmaxLoss } from './network.js'

export type LossName = TwoTowerConfig['loss']
export type LossOptions = Pick<TwoTowerConfig, 'loss' | 'margin' | 'negativeWeight'>

/** What the cosines are multiplied by before the loss: 1 / τ, but for ccl, which is of the cosines themselves. */
export const scoreScale = ({ loss, temperature }: Pick<TwoTowerConfig, 'loss' | 'temperature'>): number =>
  loss === 'ccl' ? 1 : 1 / temperature

/**
 * The loss of a batch, from scores s and offsets [b, c] (log of what a column counts for, −1e9 for one that is none) and
 * the flat places of the right columns, row · c + column, [b]. With + for the right column and p for the weights of the
 * others, exp(offset) made to sum to 1 in each row:
 *
 *   sampled-softmax   mean −log softmax(s + offset)₊              (sources in candidates.ts)
 *   bpr               mean Σⱼ pⱼ log(1 + exp(sⱼ − s₊))            (Rendle et al. 2009, over many negatives)
 *   ccl               mean 1 − s₊ + w Σⱼ pⱼ max(0, sⱼ − margin)   (Mao et al. 2021, "SimpleX", CIKM '21)
 */
export function lossOf(
  tf: TensorFlow,
  scores: tfjs.Tensor2D,
  offset: tfjs.Tensor2D,
  hits: tfjs.Tensor1D,
  { loss, margin, negativeWeight }: LossOptions,
): tfjs.Scalar {
  if (loss === 'sampled-softmax') return softmaxLoss(tf, scores, offset, hits)
  const [rows, columns] = scores.shape
  const right = tf.reshape(tf.gather(tf.reshape(scores, [rows * columns]), hits), [rows, 1])
  const shares = negativeShares(tf, offset, hits)
  const weighed = (costs: tfjs.Tensor): tfjs.Tensor => tf.sum(tf.mul(shares, costs), 1)
  if (loss === 'bpr') return tf.mean(weighed(tf.softplus(tf.sub(scores, right))))
  const pushed = weighed(tf.relu(tf.sub(scores, margin)))
  return tf.mean(tf.add(tf.sub(1, tf.reshape(right, [rows])), tf.mul(pushed, negativeWeight)))
}

/** exp(offset) of all columns but the right one, each row made to sum to 1; [b, c]. Nothing learns through it. */
function negativeShares(tf: TensorFlow, offset: tfjs.Tensor2D, hits: tfjs.Tensor1D): tfjs.Tensor2D {
  const [rows, columns] = offset.shape
  const right = tf.reshape(tf.unsortedSegmentSum(tf.ones([rows]), hits, rows * columns), [rows, columns])
  return tf.softmax(tf.sub<tfjs.Tensor2D>(offset, tf.mul(right, 1e9)))
}
