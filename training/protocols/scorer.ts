import { type Artifact } from '../../engine/model/artifact.js'
import { dot } from '../../engine/model/kernel.js'
import { type Interactions, itemsOf } from '../interactions.js'
import { foldIn } from '../models/foldIn.js'
import { topByDot, topByScore } from './top.js'

/** A model's plain scores for the rows it was given, without profile or rules. A user is a row, −1 none of them. */
export type Scorer = {
  readonly score: (user: number, item: number) => number
  /** The best `size` items that the user has not taken, best first; ties go by ordinal. */
  readonly top: (user: number, size: number) => number[]
}

/** Rows without items are ranked by popularity. Throws an Error for a model of another kind than the two. */
export function scorerOf(artifact: Artifact, rows: Interactions): Scorer {
  const popularity = artifact.tensors['popularity']
  if (popularity === undefined) throw new Error('scoring: the model holds no tensor popularity')
  const floor = popularityScorer(Float32Array.from(popularity.data), rows)
  switch (artifact.metadata['kind']) {
    case 'popularity':
      return floor
    case 'ials':
      return dotScorer(artifact, rows, floor)
    default:
      throw new Error(`scoring: want a model of kind popularity or ials, got ${String(artifact.metadata['kind'])}`)
  }
}

const takenBy = (rows: Interactions, user: number): Int32Array => (user < 0 ? new Int32Array() : itemsOf(rows, user))

function popularityScorer(popularity: Float32Array, rows: Interactions): Scorer {
  const order = topByScore(popularity)
  return {
    score: (_user, item) => popularity[item] ?? 0,
    top: (user, size) => {
      const taken = new Set(takenBy(rows, user))
      const best: number[] = []
      for (let at = 0; at < order.length && best.length < size; at++) {
        const item = order[at] ?? 0
        if (!taken.has(item)) best.push(item)
      }
      return best
    },
  }
}

function dotScorer(artifact: Artifact, rows: Interactions, floor: Scorer): Scorer {
  const { users, products } = foldIn(artifact, rows)
  const count = artifact.tensors['products']?.shape[0] ?? 0
  const dimension = products.length / count
  const top = topByDot(products, dimension)
  const isNew = (user: number): boolean => takenBy(rows, user).length === 0
  return {
    score: (user, item) =>
      isNew(user) ? floor.score(user, item) : dot(users, user * dimension, products, item * dimension, dimension),
    top: (user, size) =>
      isNew(user)
        ? floor.top(user, size)
        : top(users.subarray(user * dimension, (user + 1) * dimension), takenBy(rows, user), size),
  }
}
