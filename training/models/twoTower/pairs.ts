import { randomFor } from '../../random.js'
import { type Interactions, itemsOf, userCount } from '../../interactions.js'
import { type TensorFlow } from '../../tensorflow/backend.js'
import { type TwoTowerConfig } from '../config.js'
import { type Progress } from '../ials.js'
import { itemCounts } from '../popularity.js'
import { type Artifact } from '../../../engine/model/artifact.js'
import { twoTowerArtifact } from './artifact.js'
import { type Encoded } from './encode.js'
import { fitTwoTower } from './fit.js'
import { type Sizes } from './shapes.js'

/** What is known of the users beside what they took: raw investor features by name, [users, names], NaN for a missing one. */
export type UserFeatures = { readonly names: readonly string[]; readonly values: Float32Array }

export const noFeatures: UserFeatures = { names: [], values: new Float32Array() }

/**
 * Two towers over pairs of user and item alone: an item is its id, a user the bag of what else he took and, where
 * given, his features. The same seed and backend give the same bytes. Rejects with an Error without a user of two items.
 */
export async function fitTwoTowerPairs(
  { tf, name }: { readonly tf: TensorFlow; readonly name: string },
  interactions: Interactions,
  config: TwoTowerConfig,
  seed: number,
  users: UserFeatures = noFeatures,
  progress?: Progress,
): Promise<Artifact> {
  const encoded = encodePairs(interactions, config, seed, users)
  if (encoded.bagRows.length === 0)
    throw new Error('two-tower: no user has two items, so there is no past to learn from; want popularity')
  const sizes: Sizes = {
    products: interactions.itemIds.length,
    companies: 0,
    kinds: 0,
    factWidth: 0,
    investorWidth: 2 * users.names.length,
  }
  const fitted = await fitTwoTower(tf, { encoded, goods: null, sizes }, config, seed, progress)
  const learnt = {
    fitted,
    sizes,
    facts: { featureNames: [], scaling: { means: new Float32Array(), scales: new Float32Array() } },
    investorFeatures: users.names,
    productIds: interactions.itemIds,
    companyIds: [],
    popularity: itemCounts(interactions),
  }
  return twoTowerArtifact(learnt, config, seed, name)
}

/**
 * An example a pair: the item, and in the bag up to `mostPurchased` of the user's others. Pairs have no order, so that
 * the bag of a long row is a sample: the others that follow the item in a shuffled circle.
 */
export function encodePairs(
  interactions: Interactions,
  { mostPurchased }: Pick<TwoTowerConfig, 'mostPurchased'>,
  seed: number,
  { names, values }: UserFeatures,
): Encoded {
  const { items } = interactions
  const width = names.length
  const targets = new Int32Array(items.length)
  const features = new Float32Array(items.length * width)
  const bagStarts = new Int32Array(items.length + 1)
  const bagRows = new Int32Array(bagTotal(interactions, mostPurchased))
  let [example, entry] = [0, 0]
  for (let user = 0; user < userCount(interactions); user++) {
    const row = shuffled(itemsOf(interactions, user), seed, user)
    const size = Math.min(mostPurchased, row.length - 1)
    for (let place = 0; place < row.length; place++) {
      targets[example] = row[place]!
      features.set(values.subarray(user * width, (user + 1) * width), example * width)
      for (let step = 1; step <= size; step++) bagRows[entry++] = row[(place + step) % row.length]!
      bagStarts[++example] = entry
    }
  }
  return {
    featureNames: names,
    features,
    targets,
    at: new Float64Array(items.length),
    bagStarts,
    bagRows,
    bagWeights: new Float32Array(bagRows.length).fill(1),
  }
}

function bagTotal(interactions: Interactions, most: number): number {
  let total = 0
  for (let user = 0; user < userCount(interactions); user++) {
    const { length } = itemsOf(interactions, user)
    total += length * Math.min(most, Math.max(0, length - 1))
  }
  return total
}

function shuffled(items: Int32Array, seed: number, user: number): Int32Array {
  const row = items.slice()
  const { uniform } = randomFor(seed, `two-tower/pairs/${user}`)
  for (let at = row.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1))
    const swapped = row[at]!
    row[at] = row[other]!
    row[other] = swapped
  }
  return row
}
