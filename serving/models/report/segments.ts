import { evaluationOf, type EvaluationReport, type ModelName } from '../../../training/evaluation/report.js'
import { grouped } from '../../audit/backtest/figures.js'
import { html, type Html } from '../../http/docs/html.js'
import { differenceOf } from './metrics.js'
import { paragraph, table } from './table.js'
import { metricWords, modelWords } from './words.js'

const told = ['ndcg', 'recall', 'coherence', 'diversity'] as const
const by = { all: 'all', activity: 'bought before', level: 'tolerance', age: 'age' } as const

/** Of every segment the figures of this model, and nDCG against what it is held to. */
export function segments(evaluation: EvaluationReport): Html {
  const against: ModelName = evaluationOf(evaluation, 'incumbent') === undefined ? 'popularity' : 'incumbent'
  const differences = evaluation.differences.find((of) => of.against === against)?.segments ?? []
  const rows = (evaluationOf(evaluation, 'candidate')?.segments ?? []).map((segment) => {
    const difference = differences.find((of) => of.by === segment.by && of.name === segment.name)?.on.ndcg
    return [
      segment.by === 'all' ? 'all' : `${by[segment.by]}: ${segment.name}`,
      grouped(segment.investors),
      ...told.map((metric) => {
        const found = segment.on[metric]
        return found === undefined ? '–' : metricWords[metric].text(found.value)
      }),
      difference === undefined ? '–' : differenceOf('ndcg', difference),
    ]
  })
  return html`${paragraph(
    `Suitability on. The last column is nDCG less that of ${modelWords[against]}, paired. Segments of fewer than ${evaluation.config.leastOfSegment} investors are left out.`,
  )}
  ${table(
    [
      'Segment',
      '#Investors',
      ...told.map((metric) => `#${metricWords[metric].name.replace('@k', '')}`),
      '#nDCG, difference',
    ],
    rows,
  )}`
}
