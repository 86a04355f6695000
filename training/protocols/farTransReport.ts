import { type CustomerScore, summarise, type Summary } from './farTransScore.js'

const bandNames = ['Conservative', 'Income', 'Balanced', 'Aggressive'] as const

export type FarTransReport = {
  readonly splits: string[]
  /** All customers counted. */
  readonly metrics: Summary
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
