import { bootstrapRatios } from '../evaluation/bootstrap.js'
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
    intervals: intervalsOf(scores),
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

const nowhere = { low: Number.NaN, high: Number.NaN }

/**
 * Over customers, for one customer stands in many splits: his share of the mean over splits of means over customers, and
 * his share of its weights, are drawn together. The same scores give the same interval.
 */
function intervalsOf(scores: readonly CustomerScore[][]): FarTransReport['intervals'] {
  const places = new Map<string, number>()
  for (const { id } of scores.flat()) if (!places.has(id)) places.set(id, places.size)
  const summed = (value: (score: CustomerScore) => number): Float64Array => {
    const sums = new Float64Array(places.size)
    for (const split of scores)
      for (const score of split) {
        const at = places.get(score.id) ?? 0
        sums[at] = (sums[at] ?? 0) + value(score) / split.length
      }
    return sums
  }
  const weights = summed(() => 1)
  const [ndcg = nowhere, recall = nowhere] = bootstrapRatios(
    [summed((score) => score.ndcg), summed((score) => score.recall)].map((values) => ({ values, weights })),
    { seed: 1, label: 'far-trans intervals', resamples: 1000 },
  )
  return { 'ndcg@10': [ndcg.low, ndcg.high], 'recall@10': [recall.low, recall.high] }
}
