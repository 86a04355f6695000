import { dot } from '../../../engine/model/kernel.js'
import { type BothWays } from './sparse.js'

/** Neighbours of each item: those of i are items[k], k from offsets[i] up to offsets[i + 1], ascending. */
export type Graph = {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly weights: Float32Array
}

/** left_i · right_j, both [n, d], is added to the weight of each pair. */
export type LowRank = { readonly left: Float32Array; readonly right: Float32Array; readonly dimension: number }

export type GraphOptions = {
  readonly lowRank: LowRank | null
  /** By which MᵀM is multiplied. */
  readonly scale: number
  /** [n]: a weight from i to j is divided by skew_i and multiplied by skew_j. */
  readonly skew: Float64Array
  /** The strongest of each item that are kept; 0 keeps all. */
  readonly neighbours: number
}

/**
 * The pairs of items that some user took both of, weight scale · MᵀM + lowRank, row by row (Gustavson 1978); the pair of an item
 * with itself, and weights that are not positive, are left out.
 */
export function graphOf({ byUser, byItem }: BothWays, { lowRank, scale, skew, neighbours }: GraphOptions): Graph {
  const n = byUser.columns
  const room = { sums: new Float64Array(n), seen: new Uint8Array(n), touched: new Int32Array(n) }
  const offsets = new Int32Array(n + 1)
  const kept = growing()
  for (let item = 0; item < n; item++) {
    const near = room.touched.subarray(0, coOccurring({ byUser, byItem }, item, room)).sort()
    const weights = new Float32Array(near.length)
    near.forEach((other, k) => {
      const sum = scale * room.sums[other]! + (lowRank === null ? 0 : lowRankAt(lowRank, item, other))
      if (other !== item) weights[k] = (sum * skew[other]!) / skew[item]!
      room.sums[other] = 0
      room.seen[other] = 0
    })
    const least = neighbours === 0 ? { above: 0, ties: 0 } : strongest(weights, neighbours)
    let { ties } = least
    near.forEach((other, k) => {
      if (weights[k]! > least.above || (weights[k] === least.above && ties-- > 0)) kept.push(other, weights[k]!)
    })
    offsets[item + 1] = kept.length()
  }
  return { offsets, ...kept.done() }
}

const lowRankAt = ({ left, right, dimension: d }: LowRank, item: number, other: number): number =>
  dot(left, item * d, right, other * d, d)

type Room = { readonly sums: Float64Array; readonly seen: Uint8Array; readonly touched: Int32Array }

/** Row `item` of MᵀM into the room; → how many columns of it were touched. */
function coOccurring({ byUser, byItem }: BothWays, item: number, { sums, seen, touched }: Room): number {
  let count = 0
  for (let k = byItem.offsets[item]!; k < byItem.offsets[item + 1]!; k++) {
    const [user, value] = [byItem.items[k]!, byItem.values[k]!]
    for (let at = byUser.offsets[user]!; at < byUser.offsets[user + 1]!; at++) {
      const other = byUser.items[at]!
      if (seen[other] === 0) {
        seen[other] = 1
        touched[count++] = other
      }
      sums[other]! += value * byUser.values[at]!
    }
  }
  return count
}

/** Which of the weights are the `most` greatest positive ones: those above `above`, and the first `ties` of its equals. */
function strongest(weights: Float32Array, most: number): { readonly above: number; readonly ties: number } {
  const sorted = weights.filter((weight) => weight > 0).sort()
  if (sorted.length <= most) return { above: 0, ties: 0 }
  const above = sorted[sorted.length - most]!
  let greater = 0
  while (greater < most && sorted[sorted.length - 1 - greater]! > above) greater++
  return { above, ties: most - greater }
}

function growing(): {
  readonly push: (item: number, weight: number) => void
  readonly length: () => number
  readonly done: () => { items: Int32Array; weights: Float32Array }
} {
  let items = new Int32Array(1024)
  let weights = new Float32Array(1024)
  let length = 0
  return {
    push: (item, weight) => {
      if (length === items.length) {
        const [olderItems, olderWeights] = [items, weights]
        items = new Int32Array(length * 2)
        weights = new Float32Array(length * 2)
        items.set(olderItems)
        weights.set(olderWeights)
      }
      items[length] = item
      weights[length++] = weight
    },
    length: () => length,
    done: () => ({ items: items.slice(0, length), weights: weights.slice(0, length) }),
  }
}
