import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { foldIn } from '../models/foldIn.js'

/** Scores of all items for one user (by row; −1: none of the rows), [n]; overwritten by the next call. */
export type Scorer = (user: number) => Float32Array

/** A model's plain scores for the rows it is given, without profile or rules. Rows without items get popularity. */
export function scorerOf(artifact: Artifact, rows: Interactions): Scorer {
  const popularity = artifact.tensors['popularity']
  if (popularity === undefined) throw new Error('scoring: the model holds no tensor popularity')
  const byPopularity = Float32Array.from(popularity.data)
  switch (artifact.metadata['kind']) {
    case 'popularity':
      return () => byPopularity
    case 'ials':
      return dotScorer(artifact, rows, byPopularity)
    default:
      throw new Error(`scoring: want a model of kind popularity or ials, got ${String(artifact.metadata['kind'])}`)
  }
}

function dotScorer(artifact: Artifact, rows: Interactions, fallback: Float32Array): Scorer {
  const { users, products } = foldIn(artifact, rows)
  const count = fallback.length
  const dimension = products.length / count
  const scores = new Float32Array(count)
  return (user) => {
    if (user < 0 || rows.offsets[user] === rows.offsets[user + 1]) return fallback
    const at = user * dimension
    for (let item = 0; item < count; item++) {
      const itemAt = item * dimension
      let sum = 0
      for (let j = 0; j < dimension; j++) sum += (users[at + j] ?? 0) * (products[itemAt + j] ?? 0)
      scores[item] = sum
    }
    return scores
  }
}
