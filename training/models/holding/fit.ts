import { compareIds } from '../../../features/schema/ids.js'
import { type Duration, outcomesAt } from './censoring.js'
import { designOf, type HoldingPair, type Scalings, scalingsOf } from './columns.js'
import { fitRidgeLogistic, logitsOf, probability } from './ridgeLogistic.js'

/** A purchase, and for how long it was held as far as is known. */
export type HoldingExample = HoldingPair & Duration

/**
 * log odds of being held after the horizon: x · weights, x as in columns.ts. Calibrated: the weights are those of the
 * regression times the slope of a regression on its own predictions for investors whom it had not seen (Platt 1999).
 */
export type HoldingModel = {
  readonly horizonDays: number
  readonly scalings: Scalings
  /** [width] */
  readonly weights: Float64Array
  /** Of unseen investors: how well the chances tell them apart, and are met. */
  readonly check: HoldingCheck
}

export type HoldingCheck = {
  /** Purchases of which it is known, and the share of them that was held, censoring accounted for. */
  readonly known: number
  readonly heldShare: number
  /** Chance that one held was given the higher odds than one that was not; .5 is chance. */
  readonly auc: number
  /** 1 where the odds needed no correction; 0 where they foretell nothing, and then the head is 0. */
  readonly slope: number
  /** Fifths by predicted chance: predicted and met, means. */
  readonly calibration: readonly { readonly predicted: number; readonly met: number }[]
}

export type HoldingOptions = {
  readonly horizonDays: number
  /** L2 penalty on standardised columns. */
  readonly lambda: number
  /** Of either outcome below which nothing is fitted. */
  readonly fewest: number
}
export const holdingDefaults: HoldingOptions = { horizonDays: 180, lambda: 10, fewest: 50 }

const folds = 5

/** The model, or why there is none. */
export type FittedHolding =
  { readonly fitted: true; readonly model: HoldingModel } | { readonly fitted: false; readonly because: string }

/** Examples in any order; the same ones give the same weights. */
export function fitHolding(examples: readonly HoldingExample[], options = holdingDefaults): FittedHolding {
  const { horizonDays, lambda, fewest } = options
  const ordered = [...examples].sort(
    (a, b) =>
      compareIds(a.investor.profile.id, b.investor.profile.id) ||
      a.at - b.at ||
      compareIds(a.product.id, b.product.id) ||
      a.days - b.days,
  )
  const { held, weights } = outcomesAt(ordered, horizonDays)
  const known = ordered.filter((_, row) => weights[row]! > 0).length
  const stayed = held.filter((one, row) => one === 1 && weights[row]! > 0).length
  if (Math.min(stayed, known - stayed) < fewest)
    return {
      fitted: false,
      because: `of ${known} purchases whose first ${horizonDays} days are known ${stayed} were held: want ${fewest} of either`,
    }
  const scalings = scalingsOf(ordered)
  const x = designOf(ordered, scalings)
  const unseen = crossFitted(ordered, x, held, weights, lambda)
  const [intercept = 0, told = 0] = fitRidgeLogistic(withOnes(unseen), held, weights, 1e-6)
  // What foretells nothing of others must not turn the order round.
  const slope = Math.max(0, told)
  const beta = fitRidgeLogistic(x, held, weights, lambda).map((value) => value * slope)
  beta[0] = beta[0]! + intercept
  const calibrated = unseen.map((logit) => intercept + slope * logit)
  const check = checkOf(calibrated, held, weights, slope)
  return { fitted: true, model: { horizonDays, scalings, weights: beta, check } }
}

/** [n] log odds of each by a model that saw nothing of its investor. */
function crossFitted(
  examples: readonly HoldingExample[],
  x: Float64Array,
  held: Uint8Array,
  weights: Float64Array,
  lambda: number,
): Float64Array {
  const ids = [...new Set(examples.map(({ investor }) => investor.profile.id))]
  const foldOf = new Map(ids.map((id, index) => [id, index % folds]))
  const fold = examples.map(({ investor }) => foldOf.get(investor.profile.id) ?? 0)
  const all = new Float64Array(examples.length)
  for (let out = 0; out < folds; out++) {
    const seen = weights.map((weight, row) => (fold[row] === out ? 0 : weight))
    const logits = logitsOf(x, fitRidgeLogistic(x, held, seen, lambda))
    logits.forEach((logit, row) => {
      if (fold[row] === out) all[row] = logit
    })
  }
  return all
}

const withOnes = (column: Float64Array): Float64Array => Float64Array.from([...column].flatMap((value) => [1, value]))

function checkOf(logits: Float64Array, held: Uint8Array, weights: Float64Array, slope: number): HoldingCheck {
  const order = Array.from(logits.keys())
    .filter((row) => weights[row]! > 0)
    .sort((a, b) => logits[a]! - logits[b]! || a - b)
  const sum = (rows: readonly number[], of: (row: number) => number): number =>
    rows.reduce((total, row) => total + weights[row]! * of(row), 0)
  const mean = (rows: readonly number[], of: (row: number) => number): number => sum(rows, of) / sum(rows, () => 1)
  const fifth = Math.ceil(order.length / 5)
  return {
    known: order.length,
    heldShare: mean(order, (row) => held[row]!),
    auc: aucOf(order, held, weights),
    slope,
    calibration: [0, 1, 2, 3, 4]
      .map((part) => order.slice(part * fifth, (part + 1) * fifth))
      .filter((rows) => rows.length > 0)
      .map((rows) => ({
        predicted: mean(rows, (row) => probability(logits[row]!)),
        met: mean(rows, (row) => held[row]!),
      })),
  }
}

/** order: rows by ascending prediction; weighted pairs (Mann and Whitney 1947), those of equal prediction by their order. */
function aucOf(order: readonly number[], held: Uint8Array, weights: Float64Array): number {
  let [below, pairs, all] = [0, 0, 0]
  for (const row of order)
    if (held[row] === 1) {
      pairs += weights[row]! * below
      all += weights[row]!
    } else below += weights[row]!
  return pairs / (all * below)
}
