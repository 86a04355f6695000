import { exp } from '../features/definitions/math.js'
import { levelNumber, Objective } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { at } from './at.js'
import { type Supply } from './goods.js'
import { type Switches } from './options.js'
import { type Bucket } from './policy.js'
import { type Trends } from './trends.js'

/** What is on sale on a day, by bucket, and what draws buyers to it today. */
export type Shelf = {
  readonly buckets: readonly Bucket[]
  readonly trends: Trends
  readonly bucketOf: (ordinal: number) => Bucket | null
}

/** How strongly a trend of one standard deviation draws attention, as a logarithm. */
const trendPull = 0.35
/** And how strongly a return of 10 % of the whole kind. */
const moodPull = 0.4
/** A launch's advertisement, as a logarithm; it fades over 90 days. */
const launchPull = 1.5
const launchDays = 90

export const objectiveMask = (objectives: readonly Objective[]): number =>
  objectives.reduce((mask, objective) => mask | (1 << Objective.options.indexOf(objective)), 0)

const onSale = new Set<Product['status']>(['subscribing', 'open', 'purchase-limited'])
export const isOnSale = (product: Product): boolean =>
  onSale.has(product.status) && product.rating !== null && product.facts !== null

/** Days since the product became known, of those launched within the simulation; null of the others. */
export type SinceLaunch = (ordinal: number) => number | null

function attention(
  supply: Supply,
  trends: Trends,
  switches: Switches,
  sinceLaunch: SinceLaunch,
  ordinal: number,
): number {
  let logarithm = switches.trends ? trendPull * at(trends.within, ordinal) + moodPull * at(trends.mood, ordinal) : 0
  if (switches.salience) {
    const days = sinceLaunch(ordinal)
    logarithm += at(supply.goods, ordinal).fame
    if (days !== null && days < launchDays) logarithm += launchPull * (1 - days / launchDays)
  }
  return exp(logarithm)
}

/** The shelf of a day. `trends` may be some days old. */
export function shelfOn(supply: Supply, switches: Switches, trends: Trends, sinceLaunch: SinceLaunch): Shelf {
  const groups = new Map<string, { product: Product; ordinals: number[] }>()
  supply.goods.forEach((_, ordinal) => {
    const product = supply.current(ordinal)
    if (product === null || !isOnSale(product)) return
    const { kind, rating, targetMarket } = product
    const key = `${kind} ${rating?.level ?? ''} ${targetMarket.minHorizonMonths ?? 0} ${targetMarket.objectives.join()}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { product, ordinals: [ordinal] })
    else group.ordinals.push(ordinal)
  })
  const places = new Map<number, Bucket>()
  const buckets = [...groups.values()].map(({ product, ordinals }) => {
    const bucket = bucketOf(product, ordinals, supply, (ordinal) =>
      attention(supply, trends, switches, sinceLaunch, ordinal),
    )
    for (const ordinal of ordinals) places.set(ordinal, bucket)
    return bucket
  })
  return { buckets, trends, bucketOf: (ordinal) => places.get(ordinal) ?? null }
}

function bucketOf(product: Product, ordinals: number[], supply: Supply, weight: (ordinal: number) => number): Bucket {
  const sums = new Float64Array(ordinals.length)
  let total = 0
  ordinals.forEach((ordinal, i) => {
    total += weight(ordinal)
    sums[i] = total
  })
  return {
    kind: at(supply.goods, at(ordinals, 0)).kind,
    level: product.rating === null ? 5 : levelNumber(product.rating.level),
    minHorizonMonths: product.targetMarket.minHorizonMonths ?? 0,
    objectives: objectiveMask(product.targetMarket.objectives),
    ordinals: Int32Array.from(ordinals),
    sums,
    total,
  }
}
