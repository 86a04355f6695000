import { quantile } from '../evaluation/bootstrap.js'
import { randomFor } from '../random.js'
import { type CustomerScore, summarise, type Summary } from './farTransScore.js'

const bandNames = ['Conservative', 'Income', 'Balanced', 'Aggressive'] as const

export type FarTransReport = {
  readonly splits: string[]
  /** All customers counted. */
  readonly metrics: Summary
  /** 95 % interval of a metric, over customers. */
  readonly intervals: Readonly<Record<'ndcg@10' | 'recall@10', readonly [number, number]>>
  /** By where the band comes from: the questionnaire, a prediction (Predicted_X), or nowhere. */
  readonly byBasis: Readonly<Record<'questionnaire' | 'predicted' | 'unknown', Summary>>
  /** By the customer's band, predictions included. */
  readonly byBand: Readonly<Record<string, Summary>>
  readonly bySplit: readonly { readonly split: string; readonly 'ndcg@10': number; readonly 'recall@10': number }[]
}

/** `scores`: a list of customers a split, in the order of `labels`. */
export function farTransReport(labels: readonly string[], scores: readonly CustomerScore[][]): FarTransReport {
  const where = (keep: (score: CustomerScore) => boolean): Summary => summarise(scores.map((rows) => rows.filter(keep)))
  return {
    splits: [...labels],
    metrics: where(() => true),
    intervals: {
      'ndcg@10': intervalOf(scores, ({ ndcg }) => ndcg),
      'recall@10': intervalOf(scores, ({ recall }) => recall),
    },
    byBasis: {
      questionnaire: where((score) => score.basis === 'questionnaire'),
      predicted: where((score) => score.basis === 'predicted'),
      unknown: where((score) => score.basis === null),
    },
    byBand: Object.fromEntries(bandNames.map((name, band) => [name, where((score) => score.band === band)])),
    bySplit: labels.map((split, at) => {
      const { 'ndcg@10': ndcg, 'recall@10': recall } = summarise([scores[at] ?? []])
      return { split, 'ndcg@10': ndcg ?? 0, 'recall@10': recall ?? 0 }
    }),
  }
}

const resamples = 1000

/**
 * Percentile bootstrap over customers (Efron and Tibshirani 1993, ch. 13), for one customer stands in many splits: his
 * share a_c of the mean over splits of means over customers, and his share b_c of its weights, are drawn together; a
 * resample gives Σ a_c / Σ b_c. The same scores give the same interval.
 */
function intervalOf(scores: readonly CustomerScore[][], value: (score: CustomerScore) => number): [number, number] {
  const shares = new Map<string, { sum: number; weight: number }>()
  for (const split of scores)
    for (const score of split) {
      const own = shares.get(score.id) ?? { sum: 0, weight: 0 }
      const weight = 1 / split.length
      shares.set(score.id, { sum: own.sum + weight * value(score), weight: own.weight + weight })
    }
  const all = [...shares.values()]
  const { uniform } = randomFor(1, 'far-trans intervals')
  const means = Float64Array.from({ length: resamples }, () => {
    let [sum, weight] = [0, 0]
    for (let draw = 0; draw < all.length; draw++) {
      const one = all[Math.floor(uniform() * all.length)]
      sum += one?.sum ?? 0
      weight += one?.weight ?? 0
    }
    return sum / weight
  }).sort()
  return [quantile(means, 0.025), quantile(means, 0.975)]
}
