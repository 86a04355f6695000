import { formatInstant } from '../../../features/schema/time.js'
import { evaluationOf } from '../../../training/evaluation/report.js'
import { failedGates, type GateResult } from '../../../training/registry/gates.js'
import { counted, grouped } from '../../audit/backtest/figures.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { type RunReport } from './data.js'
import { type Cell, soft, table } from './table.js'
import { kindWords, metricWords, nameOfMetric } from './words.js'

export const second = (at: number): string => formatInstant(Math.floor(at / 1000) * 1000)

/** Which model, of what, and whether it may be promoted. */
export function headline(report: RunReport): Html {
  const { run, gates } = report
  const shut = failedGates(gates)
  const { investors, products, pairs } = run.metrics
  const kind = run.config.kind
  const size = (value: number | undefined): string => (value === undefined ? '–' : grouped(value))
  return html`<p>
      <b>${kind}</b>${kindWords[kind] === undefined ? '' : `: ${kindWords[kind]}`}. Learnt from ${size(pairs)} pairs of
      ${size(investors)} investors over ${size(products)} products, from what was known before
      ${second(run.record.asOf)}; ${run.record.because}.
    </p>
    <p class="headline verdict ${shut.length === 0 ? 'open' : 'shut'}"><b>${verdict(report)}</b></p>
    ${tiles(report)}
    <h3 class="sub">Gates</h3>
    ${soft(`Against ${report.against}, as on ${second(report.madeAt)}; promoting runs them anew.`)} ${gateTable(gates)}`
}

/** One sentence. */
export function verdict({ run, gates, against }: Pick<RunReport, 'run' | 'gates' | 'against'>): string {
  const shut = failedGates(gates)
  if (run.evaluation === null) return 'It was not judged, for too little was held out: no gate opens without figures.'
  if (shut.length === 0) return `It may be promoted: all ${gates.length} gates are passed, against ${against}.`
  const names = shut.slice(0, 6).map(({ name }) => name)
  const rest = shut.length > names.length ? ` and ${shut.length - names.length} more` : ''
  return `It may not be promoted as it stands: of ${counted(gates.length, 'gate')} ${shut.length} are shut (${names.join(', ')}${rest}).`
}

function tiles({ run: { evaluation }, gates }: RunReport): Html {
  if (evaluation === null) return nothing
  const [candidate, popularity] = [evaluationOf(evaluation, 'candidate'), evaluationOf(evaluation, 'popularity')]
  const [mine, theirs] = [candidate?.segments[0]?.on, popularity?.segments[0]?.on]
  const tile = (value: string, text: string): Html => html`<div class="tile"><b>${value}</b><span>${text}</span></div>`
  const of = (metric: 'ndcg' | 'recall' | 'coverage'): Html => {
    const { text } = metricWords[metric]
    const [a, b] = [mine?.[metric]?.value, theirs?.[metric]?.value]
    const beside = b === undefined ? '' : `; popularity ${text(b)}`
    return tile(
      a === undefined ? '–' : text(a),
      `${nameOfMetric(metric, evaluation.config.k)}, suitability on${beside}`,
    )
  }
  const shown = candidate?.on
  return html`<div class="tiles">
    ${of('ndcg')} ${of('recall')} ${of('coverage')}
    ${tile(grouped(shown?.violations ?? 0), `violations of the rules in ${grouped(shown?.shown ?? 0)} products shown`)}
    ${tile(`${gates.length - failedGates(gates).length} of ${gates.length}`, 'gates passed')}
  </div>`
}

/** Those that are shut each by itself, those of a metric that are passed in one line. */
function gateTable(gates: readonly GateResult[]): Html {
  const passed = new Map<string, GateResult[]>()
  for (const gate of gates.filter((each) => each.passed)) {
    const of = gate.name.split('@')[0] ?? gate.name
    passed.set(of, [...(passed.get(of) ?? []), gate])
  }
  const row = (name: string, state: Html, words: string): readonly Cell[] => [name, state, words]
  const open = html`<span class="better">passed</span>`
  return table(
    ['Gate', '', 'Why'],
    [
      ...failedGates(gates).map(({ name, words }) => row(name, html`<span class="worse">shut</span>`, words)),
      ...[...passed].map(([of, [first, ...more]]) =>
        more.length === 0 || first === undefined
          ? row(first?.name ?? of, open, first?.words ?? '')
          : row(of, open, `not worse beyond the interval in ${more.length + 1} segments`),
      ),
    ],
  )
}
