import { type Artifact } from '../../engine/model/artifact.js'
import { type Weighted } from '../../engine/model/foldIn.js'
import { itemFactorsVector, readItemFactors } from '../../engine/model/itemFactors.js'
import { itemGraphScores, readItemGraph } from '../../engine/model/itemGraph.js'
import { dot } from '../../engine/model/kernel.js'
import { floats, tensorOf } from '../../engine/model/tensors.js'
import { investorForward, readTower } from '../../engine/model/twoTower.js'
import { type Interactions, itemsOf, userCount } from '../interactions.js'
import { foldIn } from '../models/foldIn.js'
import { dotsOfMany } from './dotsOfMany.js'
import { bestOf } from './top.js'

/** A model's plain scores for the rows it was given, without profile or rules. A user is a row, −1 none of them. */
export type Scorer = {
  readonly score: (user: number, item: number) => number
  /** Of each user, in their order, the best `size` items that he has not taken, best first; ties go by ordinal. */
  readonly tops: <User extends AtRow>(users: readonly User[], size: number) => Iterable<Top<User>>
}

type AtRow = { readonly row: number }
type Top<User> = { readonly user: User; readonly items: number[] }

/** Rows without items are ranked by popularity. Throws an Error for a model of another kind than these. */
export function scorerOf(artifact: Artifact, rows: Interactions): Scorer {
  const popularity = artifact.tensors['popularity']
  if (popularity === undefined) throw new Error('scoring: the model holds no tensor popularity')
  const floor = popularityScorer(Float32Array.from(popularity.data), rows)
  switch (artifact.metadata['kind']) {
    case 'popularity':
      return floor
    case 'ials':
      return dotScorer(foldIn(artifact, rows), rows, floor)
    case 'item-factors':
      return artifact.tensors['products'] === undefined
        ? scoresScorer(matrixScores(artifact, rows), rows, floor)
        : dotScorer(factorVectors(artifact, rows), rows, floor)
    case 'item-graph':
      return graphScorer(artifact, rows, floor)
    case 'two-tower':
      return dotScorer(towerVectors(artifact, rows), rows, floor)
    default:
      throw new Error(
        `scoring: want a model of kind popularity, ials, item-factors, item-graph or two-tower, got ${String(artifact.metadata['kind'])}`,
      )
  }
}

const takenBy = (rows: Interactions, user: number): Int32Array => (user < 0 ? new Int32Array() : itemsOf(rows, user))

const pastOf = (rows: Interactions, user: number): Weighted[] =>
  Array.from(takenBy(rows, user), (row) => ({ row, weight: 1 }))

function popularityScorer(popularity: Float32Array, rows: Interactions): Scorer {
  const order = Int32Array.from(popularity.keys()).sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b)
  return {
    score: (_user, item) => popularity[item] ?? 0,
    *tops(users, size) {
      for (const user of users) {
        const taken = new Set(takenBy(rows, user.row))
        const items: number[] = []
        for (let at = 0; at < order.length && items.length < size; at++) {
          const item = order[at] ?? 0
          if (!taken.has(item)) items.push(item)
        }
        yield { user, items }
      }
    },
  }
}

/** [users, d] by the investor tower from the whole past of each, and the products' vectors [n, d]. */
function towerVectors(artifact: Artifact, rows: Interactions): Vectors {
  const [count = 0, dimension = 0] = tensorOf(artifact, 'products').shape
  const features = tensorOf(artifact, 'investorMeans').data.length
  const tower = readTower(artifact, count, features, dimension)
  const nothingKnown = new Float32Array(2 * features)
  const users = new Float32Array(userCount(rows) * dimension)
  for (let user = 0; user < userCount(rows); user++) {
    users.set(investorForward(tower, nothingKnown, pastOf(rows, user)), user * dimension)
  }
  return { users, products: floats(artifact, 'products', [count, dimension]) }
}

/** [users, d]: the sum of `history` over each one's past. */
function factorVectors(artifact: Artifact, rows: Interactions): Vectors {
  const [count = 0, dimension = 0] = tensorOf(artifact, 'products').shape
  const factors = readItemFactors(artifact, count, dimension)
  const users = new Float32Array(userCount(rows) * dimension)
  for (let user = 0; user < userCount(rows); user++) {
    users.set(itemFactorsVector(factors, pastOf(rows, user)), user * dimension)
  }
  return { users, products: floats(artifact, 'products', [count, dimension]) }
}

/** Scores of all items, [n]. */
type Scores = Float32Array | Float64Array

/** Of a matrix held whole a user's vector is his scores. */
function matrixScores(artifact: Artifact, rows: Interactions): (user: number) => Scores {
  const factors = readItemFactors(artifact, rows.itemIds.length, rows.itemIds.length)
  return (user) => itemFactorsVector(factors, pastOf(rows, user))
}

function graphScorer(artifact: Artifact, rows: Interactions, floor: Scorer): Scorer {
  const graph = readItemGraph(artifact)
  const scorer = scoresScorer((user) => itemGraphScores(graph, pastOf(rows, user)), rows, floor)
  const { low } = graph
  if (low === null) return scorer
  return {
    ...scorer,
    tops: (users, size) => {
      const vectorOf = ({ row }: AtRow): Float32Array => itemFactorsVector(low, pastOf(rows, row))
      const scored = dotsOfMany(low.products, low.dimension, users, vectorOf, ({ row }, dots) =>
        itemGraphScores({ ...graph, low: null }, pastOf(rows, row)).map((score, item) => score + (dots[item] ?? 0)),
      )
      return topsOf(scored, rows, floor, size)
    },
  }
}

type Scored<User> = { readonly user: User; readonly scores: Scores }

function* topsOf<User extends AtRow>(
  scored: Iterable<Scored<User>>,
  rows: Interactions,
  floor: Scorer,
  size: number,
): Generator<Top<User>> {
  for (const { user, scores } of scored) {
    const taken = takenBy(rows, user.row)
    if (taken.length === 0) yield* floor.tops([user], size)
    else yield { user, items: bestOf(scores, taken, size) }
  }
}

/** Scores are made when a user is asked for, and kept until another one is. */
function scoresScorer(of: (user: number) => Scores, rows: Interactions, floor: Scorer): Scorer {
  let latest: { user: number; scores: Scores } = { user: -1, scores: new Float32Array() }
  const scoresOf = (user: number): Scores => {
    if (latest.user !== user) latest = { user, scores: of(user) }
    return latest.scores
  }
  return {
    score: (user, item) => (takenBy(rows, user).length === 0 ? floor.score(user, item) : (scoresOf(user)[item] ?? 0)),
    tops: (users, size) => topsOf(scoredOneByOne(users, of), rows, floor, size),
  }
}

function* scoredOneByOne<User extends AtRow>(
  users: readonly User[],
  of: (user: number) => Scores,
): Generator<Scored<User>> {
  for (const user of users) yield { user, scores: of(user.row) }
}

type Vectors = { readonly users: Float32Array; readonly products: Float32Array }

function dotScorer({ users, products }: Vectors, rows: Interactions, floor: Scorer): Scorer {
  const dimension = products.length / rows.itemIds.length
  const unknown = new Float32Array(dimension)
  const vectorOf = ({ row }: AtRow): Float32Array =>
    row < 0 ? unknown : users.subarray(row * dimension, (row + 1) * dimension)
  return {
    score: (user, item) =>
      takenBy(rows, user).length === 0
        ? floor.score(user, item)
        : dot(users, user * dimension, products, item * dimension, dimension),
    tops: (asked, size) =>
      topsOf(
        dotsOfMany(products, dimension, asked, vectorOf, (_user, dots) => dots),
        rows,
        floor,
        size,
      ),
  }
}
