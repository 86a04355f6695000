import { type MetricName, type ModelName } from '../../../training/evaluation/report.js'

const four = (value: number): string => value.toFixed(4)
const three = (value: number): string => value.toFixed(3)
const two = (value: number): string => value.toFixed(2)
const one = (value: number): string => value.toFixed(1)
const percent = (value: number): string => `${(100 * value).toFixed(1)}\u00a0%`

export type MetricWords = {
  readonly name: string
  /** What it is, in a clause. */
  readonly meaning: string
  readonly text: (value: number) => string
}

/** `@k` stands for the length of the slates. */
export const metricWords: Readonly<Record<MetricName, MetricWords>> = {
  ndcg: { name: 'nDCG@k', meaning: 'how high the held-out purchases stand', text: four },
  recall: { name: 'Recall@k', meaning: 'share of the held-out purchases that were shown', text: percent },
  mrr: { name: 'MRR', meaning: 'one over the rank of the first hit', text: four },
  hitRate: { name: 'Hit rate', meaning: 'investors with a hit', text: percent },
  novelty: { name: 'Novelty', meaning: 'bits by which what is shown is uncommon', text: two },
  diversity: {
    name: 'Diversity',
    meaning: 'share of kind, company and level in which two shown differ',
    text: percent,
  },
  calibration: { name: 'Miscalibration', meaning: 'divergence from the investor’s own mix of kinds, nats', text: two },
  coherence: { name: 'Coherence', meaning: 'shown within one level of the tolerance', text: percent },
  aboveTolerance: { name: 'Above tolerance', meaning: 'shown above the investor’s level', text: percent },
  return30d: { name: 'Return, 30 days', meaning: 'mean return of what was shown', text: percent },
  returnCoverage: { name: 'Return known', meaning: 'shown whose return is known', text: percent },
  holdingDays: { name: 'Holding', meaning: 'days for which purchases of what is shown were held', text: one },
  coverage: { name: 'Coverage', meaning: 'share of the catalogue that anybody is shown', text: percent },
  companyGini: { name: 'Company Gini', meaning: 'unevenness of exposure: 0 all alike, 1 one alone', text: three },
  topCompanyShare: { name: 'Top company', meaning: 'share of all exposure of the most shown', text: percent },
}

export const nameOfMetric = (metric: MetricName, k: number): string => metricWords[metric].name.replace('@k', `@${k}`)

/** `+0.012`, `−0.5 %`, of a difference. */
export const signed = (text: (value: number) => string, value: number): string =>
  value < 0 ? `−${text(-value)}` : `+${text(value)}`

export const modelWords: Readonly<Record<ModelName, string>> = {
  candidate: 'this model',
  incumbent: 'incumbent',
  popularity: 'popularity',
}

/** What each kind of model is, in a clause. */
export const kindWords: Readonly<Record<string, string>> = {
  popularity: 'the most bought, the same for all',
  content: 'products like those that the investor bought or looked at, by their facts',
  ials: 'matrix factorisation by alternating least squares over who bought what',
  ease: 'a linear model of products by products over who bought what',
  'item-knn': 'products bought by the same investors',
  'two-tower': 'two neural networks, one for investors and one for products',
  blend: 'several models and a ranking stage over their scores and the facts',
}
