import type * as tfjs from '@tensorflow/tfjs'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type Weights } from './network.js'
import { adamRows, compacted, rowsOf, rowTable } from './rowTable.js'
import { weightNames } from './shapes.js'

/** Lets functions of the weights be read or minimised; product rows are handed to them as places in the table they see. */
export type Learner = {
  readonly read: <T>(
    bag: Int32Array,
    products: Int32Array,
    of: (weights: Weights, bag: Int32Array, products: Int32Array) => T,
  ) => T
  /** One step of Adam down the loss that `prepare` returns → the loss before it. Within a tidy. */
  readonly learn: (
    bag: Int32Array,
    products: Int32Array,
    learningRate: number,
    prepare: (bag: Int32Array, products: Int32Array) => (weights: Weights) => tfjs.Scalar,
  ) => number
  readonly settle: () => void
}

/** All weights are TensorFlow's: for products with facts, whose embeddings each step computes anyway. */
export function wholeLearner(tf: TensorFlow, weights: Weights): Learner {
  const adam = adamOf(tf)
  const variables = weightNames.map((name) => weights[name])
  return {
    read: (bag, products, of) => of(weights, bag, products),
    learn: (bag, products, learningRate, prepare) => {
      const loss = prepare(bag, products)
      const { value, grads } = tf.variableGrads(() => loss(weights), variables)
      adam.apply(variables, grads, learningRate)
      return value.dataSync()[0]!
    },
    settle: adam.dispose,
  }
}

/** Ids alone: their table stays outside, and of it TensorFlow sees the rows of the batch. */
export function rowLearner(tf: TensorFlow, weights: Weights): Learner {
  const adam = adamOf(tf)
  const [count, width] = weights.id.shape as [number, number]
  const table = rowTable(Float32Array.from(weights.id.dataSync()), width)
  const placeOf = new Int32Array(count).fill(-1)
  const dense = weightNames.filter((name) => name !== 'id').map((name) => weights[name])
  const seen = (bag: Int32Array, products: Int32Array) => {
    const { rows, places } = compacted([bag, products], placeOf)
    return { rows, places, values: tf.tensor2d(rowsOf(table, rows), [rows.length, width]) }
  }
  return {
    read: (bag, products, of) => {
      const { values, places } = seen(bag, products)
      return of({ ...weights, id: values as unknown as tfjs.Variable }, places[0]!, places[1]!)
    },
    learn: (bag, products, learningRate, prepare) => {
      const { rows, values, places } = seen(bag, products)
      const id = tf.variable(values)
      const loss = prepare(places[0]!, places[1]!)
      const { value, grads } = tf.variableGrads(() => loss({ ...weights, id }), [id, ...dense])
      adam.apply(dense, grads, learningRate)
      adamRows(table, rows, grads[id.name]!.dataSync<'float32'>(), learningRate)
      id.dispose()
      return value.dataSync()[0]!
    },
    settle: () => {
      tf.tidy(() => weights.id.assign(tf.tensor2d(table.values, [count, width])))
      adam.dispose()
    },
  }
}

/** TensorFlow's Adam at a rate that changes; a variable without a gradient keeps its place among the others. */
function adamOf(tf: TensorFlow) {
  const optimizer = tf.train.adam(0)
  return {
    apply: (variables: readonly tfjs.Variable[], grads: tfjs.NamedTensorMap, learningRate: number): void => {
      // Adam reads its rate at each step; its type hides that it may change.
      ;(optimizer as unknown as { learningRate: number }).learningRate = learningRate
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
    },
    dispose: (): void => optimizer.dispose(),
  }
}
