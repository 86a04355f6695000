import { evaluationOf, type EvaluationReport, type ModelEvaluation } from '../../../training/evaluation/report.js'
import { barPlot } from '../../audit/backtest/plots.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { type RunReport } from './data.js'
import { modelsIn } from './metrics.js'
import { type Axis, figure, lineThrough, planePlot, type Point, seriesOf } from './plots.js'
import { metricWords, modelWords } from './words.js'

const mostCompanies = 15
const percent = (share: number): string => `${Math.round(100 * share)} %`

/** Who is shown: of all companies of the catalogue, those that are never shown among them. */
export function exposure(evaluation: EvaluationReport, companies: RunReport['companies']): Html {
  const models = modelsIn(evaluation).flatMap((name) => evaluationOf(evaluation, name) ?? [])
  const [candidate] = models
  if (candidate === undefined || candidate.on.shown === 0) return nothing
  return html`${lorenz(models, companies.size)} ${bars(candidate, evaluationOf(evaluation, 'popularity'), companies)}`
}

/** Cumulative shares, the least shown first; the diagonal: all alike. Lorenz 1905. */
function lorenz(models: readonly ModelEvaluation[], companies: number): Html {
  const axis = (label: string): Axis => ({ label, low: 0, high: 1, text: percent })
  const gini = ({ name, segments }: ModelEvaluation): string => {
    const found = segments[0]?.on.companyGini
    return `${modelWords[name]}${found === undefined ? '' : `: Gini ${metricWords.companyGini.text(found.value)}`}`
  }
  const label = 'Share of all exposure that the least shown companies have together'
  const axes = { x: axis('share of the companies, the least shown first'), y: axis('share of what was shown') }
  const plot = planePlot(label, axes, (at) => [
    lineThrough('even', [at([0, 0]), at([1, 1])]),
    ...models.map((model) => lineThrough(`${seriesOf[model.name]} line`, lorenzPoints(model, companies).map(at))),
  ])
  const series = models.map((model) => [seriesOf[model.name], gini(model)] as const)
  return figure(`${label}; dashed: all alike. Suitability on.`, series, plot)
}

export function lorenzPoints({ on }: Pick<ModelEvaluation, 'on'>, companies: number): Point[] {
  const n = Math.max(companies, on.companies.length)
  const none = new Array<number>(n - on.companies.length).fill(0)
  const ascending = [...none, ...on.companies.map(({ shown }) => shown).sort((a, b) => a - b)]
  let sum = 0
  return [[0, 0], ...ascending.map((shown, at): Point => [(at + 1) / n, (sum += shown) / Math.max(1, on.shown)])]
}

function bars(
  candidate: ModelEvaluation,
  popularity: ModelEvaluation | undefined,
  companies: RunReport['companies'],
): Html {
  const byName = new Map([...companies].map(([id, name]) => [String(id), name]))
  const theirs = new Map(popularity?.on.companies.map(({ companyId, shown }) => [companyId, shown]))
  const rows = candidate.on.companies.slice(0, mostCompanies).map(({ companyId, shown }) => ({
    name: byName.get(companyId) ?? companyId,
    bars: [
      { series: 'after' as const, value: shown },
      { series: 'before' as const, value: theirs.get(companyId) ?? 0 },
    ],
  }))
  const caption = `Times shown, of the ${rows.length} companies that this model shows most`
  const series = [
    ['after', modelWords.candidate],
    ['before', modelWords.popularity],
  ] as const
  return figure(
    `${caption}; ${candidate.on.companies.length} of ${companies.size} are shown at all.`,
    series,
    barPlot(caption, rows),
    'bars',
  )
}
