import { dayOfInstant } from '../definitions/calendar.js'
import { dailyCap, dailyDays } from '../definitions/daily.js'
import { type Behaviour, type Touched } from '../schema/behaviour.js'
import { type ActivityKind, activityKinds, type DailyCounts } from '../schema/daily.js'
import { compareIds, type ProductId } from '../schema/ids.js'
import { type Trades } from '../schema/holdings.js'

/**
 * What one part of a state tells of another, so that only where it is wrong has to be written: a purchase is kept as a
 * trade, as the last of a product, and in a day's count. All pure, and the same whenever it is read.
 */

type Traded = { readonly purchased: Touched[]; readonly redeemed: Touched[] }

/** The products purchased and redeemed, by trades that are all there are. */
export function tradedTold({ products }: Trades): Traded {
  const told: Traded = { purchased: [], redeemed: [] }
  for (const { productId, trades } of products) {
    let [purchases, purchasedAt, redemptions, redeemedAt] = [0, 0, 0, 0]
    // The oldest first.
    for (const { type, occurredAt } of trades)
      if (type === 'purchase') {
        purchases += 1
        purchasedAt = occurredAt
      } else {
        redemptions += 1
        redeemedAt = occurredAt
      }
    if (purchases > 0) told.purchased.push({ productId, count: purchases, lastAt: purchasedAt })
    if (redemptions > 0) told.redeemed.push({ productId, count: redemptions, lastAt: redeemedAt })
  }
  told.purchased.sort(newestFirst)
  told.redeemed.sort(newestFirst)
  return told
}

const newestFirst = (a: Touched, b: Touched): number => b.lastAt - a.lastAt || compareIds(a.productId, b.productId)

const sameList = (a: readonly Touched[], b: readonly Touched[]): boolean =>
  a.length === b.length &&
  a.every(({ productId, count, lastAt }, n) => {
    const other = b[n]
    return other?.productId === productId && other.count === count && other.lastAt === lastAt
  })

export const sameTraded = (told: Traded, { purchased, redeemed = [] }: Behaviour): boolean =>
  sameList(told.purchased, purchased) && sameList(told.redeemed, redeemed)

/** Numbers that stand for (day, kind, product) in the order of daily counts, rising; and how often each. */
export type Counted = { readonly keys: readonly number[]; readonly counts: readonly number[] }

/** Of one state: `places` are those of its products in their order. */
export type Places = ReadonlyMap<ProductId, number>

/** No instant has a later day: keys are positive, and rise from day to day backwards. */
const lastDay = 1e8

const keyOf = (day: number, kind: number, productId: ProductId, places: Places): number =>
  ((lastDay - day) * activityKinds.length + kind) * places.size + (places.get(productId) ?? 0)

const dayOfKey = (key: number, places: number): number => lastDay - Math.floor(key / (activityKinds.length * places))

/** The key that those of a list are counted from: of the first day that instants are counted from. */
export const firstKey = (day: number, places: number): number => (lastDay - day) * activityKinds.length * places

export const countedOf = (daily: DailyCounts, places: Places): Counted => ({
  keys: daily.map(({ day, kind, productId }) => keyOf(day, activityKinds.indexOf(kind), productId, places)),
  counts: daily.map(({ count }) => count),
})

/** `products`: in the order of their places. */
export const dailyOf = ({ keys, counts }: Counted, products: readonly ProductId[]): DailyCounts =>
  keys.map((key, n) => ({
    day: dayOfKey(key, products.length),
    kind: activityKinds[Math.floor(key / products.length) % activityKinds.length] as ActivityKind,
    productId: products[key % products.length] as ProductId,
    count: counts[n] ?? 0,
  }))

/** Daily counts by trades that are all there are, and views of which there are none but each product's last. */
export function dailyTold({ products }: Trades, viewed: readonly Touched[], places: Places): Counted {
  const all: number[] = []
  for (const { productId, lastAt } of viewed) all.push(keyOf(dayOfInstant(lastAt), 0, productId, places))
  for (const { productId, trades } of products)
    for (const { type, occurredAt } of trades)
      all.push(keyOf(dayOfInstant(occurredAt), type === 'purchase' ? 1 : 2, productId, places))
  all.sort((a, b) => a - b)
  const [keys, counts]: [number[], number[]] = [[], []]
  const oldest = dayOfKey(all[0] ?? 0, places.size) - dailyDays
  for (const key of all) {
    const last = keys.length - 1
    if (keys[last] === key) counts[last] = (counts[last] ?? 0) + 1
    // What is older, and what is over the cap, is not kept (definitions/daily.ts).
    else if (keys.length === dailyCap || dayOfKey(key, places.size) <= oldest) break
    else {
      keys.push(key)
      counts.push(1)
    }
  }
  return { keys, counts }
}

/** Each key of either, with its count in `a` and in `b`; undefined where it has none. */
function beside(a: Counted, b: Counted, each: (key: number, inA?: number, inB?: number) => void): void {
  let [left, right] = [0, 0]
  while (left < a.keys.length || right < b.keys.length) {
    const [one, other] = [a.keys[left] ?? Infinity, b.keys[right] ?? Infinity]
    each(Math.min(one, other), one <= other ? a.counts[left] : undefined, other <= one ? b.counts[right] : undefined)
    if (one <= other) left += 1
    if (other <= one) right += 1
  }
}

/** The counts that were told wrong, as they are; 0 where there are none. */
export function correctionsOf(told: Counted, right: Counted): Counted {
  const [keys, counts]: [number[], number[]] = [[], []]
  beside(told, right, (key, wrong, count) => {
    if (wrong === count) return
    keys.push(key)
    counts.push(count ?? 0)
  })
  return { keys, counts }
}

/** The counts as they are: what `correctionsOf` was given. */
export function corrected(told: Counted, corrections: Counted): Counted {
  const [keys, counts]: [number[], number[]] = [[], []]
  beside(told, corrections, (key, guess, correction) => {
    const count = correction ?? guess ?? 0
    if (count === 0) return
    keys.push(key)
    counts.push(count)
  })
  return { keys, counts }
}
