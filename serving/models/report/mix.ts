import { evaluationOf, type EvaluationReport } from '../../../training/evaluation/report.js'
import { barPlot } from '../../audit/backtest/plots.js'
import { type Html, nothing } from '../../http/docs/html.js'
import { figure } from './plots.js'

const perCent = (share: number): number => Math.round(1000 * share) / 10

/** What the judged had bought before the cut beside what they were shown, by kind of product. */
export function mix(evaluation: EvaluationReport): Html {
  const kinds = [...(evaluationOf(evaluation, 'candidate')?.on.kinds ?? [])].sort((a, b) => b.bought - a.bought)
  if (kinds.length === 0) return nothing
  const caption = 'Kinds of product, of all that was bought and of all that was shown, in per cent'
  const rows = kinds.map(({ kind, bought, shown }) => ({
    name: kind,
    bars: [
      { series: 'before' as const, value: perCent(bought) },
      { series: 'after' as const, value: perCent(shown) },
    ],
  }))
  const series = [
    ['before', 'bought before'],
    ['after', 'shown, suitability on'],
  ] as const
  return figure(
    `${caption}.`,
    series,
    barPlot(caption, rows, (value) => value.toFixed(1)),
  )
}
