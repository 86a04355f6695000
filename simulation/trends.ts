import { at } from './at.js'
import { type Supply } from './goods.js'

/** What returns say to buyers, by ordinal. */
export type Trends = {
  /** Return of three months, standardised within the kind: −2.5 to 2.5. */
  readonly within: Float64Array
  /** The kind's mean return of three months, in tenths: −1 to 1 is −10 % to 10 %; at most 2 either way. */
  readonly mood: Float64Array
}

type Moments = { n: number; sum: number; squares: number }

const bounded = (value: number, most: number): number => Math.min(most, Math.max(-most, value))

export function trendsOn(supply: Supply, day: number): Trends {
  const returns = supply.goods.map((_, ordinal) => supply.recentReturn(ordinal, day))
  const byKind = new Map<number, Moments>()
  returns.forEach((value, ordinal) => {
    if (value === null) return
    const { kind } = at(supply.goods, ordinal)
    const moments = byKind.get(kind) ?? { n: 0, sum: 0, squares: 0 }
    moments.n += 1
    moments.sum += value
    moments.squares += value * value
    byKind.set(kind, moments)
  })
  const standing = (value: number | null, ordinal: number): readonly [within: number, mood: number] => {
    const moments = byKind.get(at(supply.goods, ordinal).kind)
    if (moments === undefined) return [0, 0]
    const mean = moments.sum / moments.n
    const spread = Math.sqrt(Math.max(moments.squares / moments.n - mean * mean, 1e-12))
    return [value === null ? 0 : bounded((value - mean) / spread, 2.5), bounded(mean * 10, 2)]
  }
  const pairs = returns.map(standing)
  return { within: Float64Array.from(pairs, ([within]) => within), mood: Float64Array.from(pairs, ([, mood]) => mood) }
}
