import { exp } from '../features/definitions/math.js'
import { type Random } from '../features/definitions/random.js'
import { at, indexOfSum } from './at.js'
import { dot, weighted } from './draws.js'
import { type Good, latentLength } from './goods.js'
import { type Switches } from './options.js'
import { type Person, suits, tempts } from './person.js'
import { type Bucket } from './policy.js'
import { type Shelf } from './shelf.js'
import { favouritePull } from './taste.js'

/** So many products of a bucket come to mind, by fame; taste decides between them. */
const considered = 24
const latentPull = 1.3

export type Choice = {
  /** A product that suits him (or, `daring`, one that does not); null where there is none. */
  readonly choose: (person: Person, shelf: Shelf, daring: boolean) => number | null
  /** Logarithm of how much a product of its bucket pleases him beyond its fame. */
  readonly pleasure: (person: Person, ordinal: number, shelf: Shelf) => number
  /** [goods] about how likely each is to be chosen next, were he to look at all: what no model can beat. 0: not for him. */
  readonly odds: (person: Person, shelf: Shelf) => Float64Array
}

/**
 * A nested choice. A bucket by its fame times his liking of its kind and level; in it some products by fame; of them
 * one by taste. Without switches all weights are equal, and it is uniform over all that suits.
 */
export function choiceOf(goods: readonly Good[], switches: Switches): Choice {
  const products = new Int32Array(considered)
  const weights = new Float64Array(considered)
  const isPlain = !switches.taste && !switches.profileEffects && !switches.trends

  const pleasure: Choice['pleasure'] = (person, ordinal, shelf) => {
    const good = goods[ordinal]
    if (good === undefined) throw new RangeError(`simulation: no product ${ordinal}; this is a bug`)
    const { latent, company, feeBps } = good
    let sum = (latentPull * dot(person.liking.latent, latent)) / Math.sqrt(latentLength)
    if (switches.taste) {
      if (person.taste.favourites.includes(company)) sum += favouritePull
      sum -= (person.taste.thrift * feeBps) / 100
    }
    return switches.trends ? sum + person.taste.chase * (shelf.trends.within[ordinal] ?? 0) : sum
  }

  const bucketWeight = (person: Person, { kind, level, total }: Bucket): number => {
    const gap = Math.max(0, Math.min(4, person.bounds.cap - level))
    return total * at(person.liking.kindWeight, kind) * at(person.liking.gapWeight, gap)
  }

  const within = (person: Person, bucket: Bucket, shelf: Shelf): number => {
    if (isPlain) return drawn(bucket, person.random)
    for (let i = 0; i < considered; i++) {
      const product = drawn(bucket, person.random)
      products[i] = product
      weights[i] = exp(pleasure(person, product, shelf))
    }
    return at(products, weighted(person.random, weights))
  }

  const choose: Choice['choose'] = (person, shelf, daring) => {
    const allowed = shelf.buckets.filter((bucket) => (daring ? tempts : suits)(bucket, person.bounds))
    if (allowed.length === 0) return null
    const weights = allowed.map((bucket) => bucketWeight(person, bucket))
    return within(person, at(allowed, weighted(person.random, weights)), shelf)
  }

  const odds: Choice['odds'] = (person, shelf) => {
    const all = new Float64Array(goods.length)
    for (const bucket of shelf.buckets.filter((one) => suits(one, person.bounds))) {
      const weights = bucket.sums.map((sum, i) => {
        const own = sum - (i === 0 ? 0 : at(bucket.sums, i - 1))
        return own * exp(pleasure(person, at(bucket.ordinals, i), shelf))
      })
      const share = bucketWeight(person, bucket) / weights.reduce((sum, weight) => sum + weight, 0)
      bucket.ordinals.forEach((ordinal, i) => (all[ordinal] = at(weights, i) * share))
    }
    return all
  }
  return { choose, pleasure, odds }
}

const drawn = ({ ordinals, sums, total }: Bucket, random: Random): number =>
  ordinals[indexOfSum(sums, random.uniform() * total)] ?? 0
