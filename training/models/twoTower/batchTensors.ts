import type * as tfjs from '@tensorflow/tfjs'
import { standardisedInput } from '../../../engine/model/investorInput.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type bagEntries } from './batches.js'
import { type BatchCandidates } from './candidates.js'
import { type Encoded } from './encode.js'
import { type BagTensors, type ProductTensors } from './network.js'
import { type Scaling } from './scaling.js'
import { type FitInput } from './step.js'

/** [b, 2f] */
export function profilesOf(encoded: Encoded, examples: Int32Array, { means, scales }: Scaling): Float32Array {
  const f = means.length
  const profiles = new Float32Array(examples.length * 2 * f)
  examples.forEach((example, place) => {
    const raw = encoded.features.subarray(example * f, (example + 1) * f)
    profiles.set(standardisedInput(raw, means, scales), place * 2 * f)
  })
  return profiles
}

export type InvestorTensors = {
  readonly goods: ProductTensors | null
  /** null: nobody of the batch has a past. */
  readonly bag: BagTensors | null
  /** null: nothing is known of the investors but their past. */
  readonly profiles: tfjs.Tensor2D | null
  readonly size: number
}
export type CandidateTensors = {
  readonly candidates: tfjs.Tensor1D
  readonly offset: tfjs.Tensor2D
  readonly hits: tfjs.Tensor1D
}

export const investorTensors = (
  tf: TensorFlow,
  profiles: Float32Array,
  size: number,
): Omit<InvestorTensors, 'goods' | 'bag'> => ({
  profiles: profiles.length === 0 ? null : tf.tensor2d(profiles, [size, profiles.length / size]),
  size,
})

/** `rows`: those of the bag, as places in the table that the network sees. */
export const bagTensors = (
  tf: TensorFlow,
  { places, shares }: Pick<ReturnType<typeof bagEntries>, 'places' | 'shares'>,
  rows: Int32Array,
): BagTensors | null =>
  rows.length === 0
    ? null
    : {
        rows: tf.tensor1d(rows, 'int32'),
        places: tf.tensor1d(places, 'int32'),
        shares: tf.tensor2d(shares, [shares.length, 1]),
      }

/** `rows`: the products, as places in the table that the network sees. */
export const candidateTensors = (
  tf: TensorFlow,
  { hits, offset }: BatchCandidates,
  rows: Int32Array,
): CandidateTensors => ({
  candidates: tf.tensor1d(rows, 'int32'),
  offset: tf.tensor2d(offset, [hits.length, rows.length]),
  hits: tf.tensor1d(hits, 'int32'),
})

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
