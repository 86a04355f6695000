import { evaluationOf, type EvaluationReport, type Measured, MetricName } from '../../../training/evaluation/report.js'
import { grouped, percent } from '../../audit/backtest/figures.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { intervalOf } from './metrics.js'
import { paragraph, table } from './table.js'
import { metricWords, nameOfMetric, signed } from './words.js'

/** The same model with the live rules and with none, and what the rules cost. */
export function suitability(evaluation: EvaluationReport): Html {
  const candidate = evaluationOf(evaluation, 'candidate')
  const all = candidate?.segments[0]
  if (candidate === undefined || all === undefined) return nothing
  const { heldOut, packs } = evaluation
  const withInterval = (metric: MetricName, found: Measured | undefined): string => {
    const { text } = metricWords[metric]
    return found === undefined ? '–' : `${text(found.value)} (${text(found.low)} to ${text(found.high)})`
  }
  const rows = MetricName.options.flatMap((metric) => {
    const [on, off, price] = [all.on[metric], all.off[metric], all.price[metric]]
    if (on === undefined && off === undefined) return []
    const cost =
      price === undefined ? '–' : `${signed(metricWords[metric].text, price.value)} ${intervalOf(metric, price)}`
    return [[nameOfMetric(metric, evaluation.config.k), withInterval(metric, on), withInterval(metric, off), cost]]
  })
  const counts = ([name, of]: readonly [string, 'refused' | 'violations' | 'aboveTolerance' | 'disagreements']) => [
    name,
    grouped(candidate.on[of]),
    grouped(candidate.off[of]),
  ]
  return html`${paragraph(
    `On: rule pack ${packs.on.id}. Off: ${packs.off.id}, which permits everything. The price is off less on, of the same investors. Of their own accord the judged bought ${grouped(heldOut.purchases)} new products after the cut; the live rules would not have recommended ${grouped(heldOut.forbidden)} of them (${percent(heldOut.forbidden, heldOut.purchases)}), so that much accuracy is out of reach by design.`,
  )}
  ${table(['Metric', '#On', '#Off', '#Price'], rows)}
  ${table(
    ['Counted over all slates', '#On', '#Off'],
    [
      ['Products shown', grouped(candidate.on.shown), grouped(candidate.off.shown)],
      counts(['Empty slates: nothing was permitted', 'refused']),
      counts(['Shown against a rule of the live pack', 'violations']),
      counts(['Shown above the tolerance, or either unknown', 'aboveTolerance']),
      counts(['Left out at the last look, by the reference evaluator', 'disagreements']),
    ],
  )}`
}
