import { type LoggedSlate, type WeightOptions } from './logged.js'

/** A target policy's value, as the mean reward of a slate (summed over its places), with a 95 % interval. */
export type Estimate = {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly slates: number
  readonly investors: number
  /** (Σw)² / Σw² at the rank where it is least: so many slates of the target's own would tell as much (Kong 1992). */
  readonly effectiveSlates: number
  /** 1 in expectation at each rank; far below it, the target shows what the log never does, and no estimate is fit. */
  readonly meanWeight: number
  /** Too few effective slates for the interval to be trusted: what the target likes best was hardly ever shown. */
  readonly isThin: boolean
  /** Share of the weights that were clipped. */
  readonly clipped: number
}

/** With fewer, intervals of heavy weights were found to miss the truth (benchmarks/results/off-policy.json). */
const fewestEffective = 50
const z95 = 1.959963984540054

/**
 * scores: [slates], whose mean is the value, each of what its investor's slate says. The interval is the normal one
 * around the mean with a variance by investor (Liang and Zeger 1986), G of them: G/(G−1) Σ_g (Σ_{i∈g} (sᵢ − s̄))² / n².
 * With fewer than 2 investors it is unbounded.
 */
export function estimateOf(
  slates: readonly LoggedSlate[],
  scores: Float64Array,
  weights: readonly Float64Array[],
  { clip }: WeightOptions,
): Estimate {
  const n = scores.length
  const value = scores.reduce((sum, score) => sum + score, 0) / n
  const sums = new Map<string, number>()
  slates.forEach(({ investorId }, i) =>
    sums.set(investorId, (sums.get(investorId) ?? 0) + ((scores[i] ?? Number.NaN) - value)),
  )
  const groups = sums.size
  let squares = 0
  for (const sum of sums.values()) squares += sum * sum
  const error = groups < 2 ? Infinity : Math.sqrt((groups / (groups - 1)) * squares) / n
  return {
    value,
    low: value - z95 * error,
    high: value + z95 * error,
    slates: n,
    investors: groups,
    ...told(weights, clip),
  }
}

function told(weights: readonly Float64Array[], clip: number | null) {
  const ranks = Math.max(...weights.map(({ length }) => length))
  let [effectiveSlates, meanWeight] = [Infinity, 0]
  let [all, clipped] = [0, 0]
  for (let rank = 0; rank < ranks; rank++) {
    const ofRank = weights.flatMap((one) => one[rank] ?? [])
    const sum = ofRank.reduce((total, weight) => total + weight, 0)
    const squares = ofRank.reduce((total, weight) => total + weight * weight, 0)
    const effective = squares === 0 ? 0 : (sum * sum) / squares
    if (effective < effectiveSlates) [effectiveSlates, meanWeight] = [effective, sum / ofRank.length]
    all += ofRank.length
    clipped += clip === null ? 0 : ofRank.filter((weight) => weight >= clip).length
  }
  return {
    effectiveSlates,
    meanWeight,
    isThin: effectiveSlates < fewestEffective,
    clipped: all === 0 ? 0 : clipped / all,
  }
}
