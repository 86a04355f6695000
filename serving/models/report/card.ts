import { type EvaluationReport } from '../../../training/evaluation/report.js'
import { grouped } from '../../audit/backtest/figures.js'
import { html, type Html } from '../../http/docs/html.js'
import { type RunReport } from './data.js'
import { second } from './headline.js'

const list = (title: string, items: readonly string[]): Html =>
  html`<h3 class="sub">${title}</h3>
    <ul class="plain">
      ${items.map((text) => html`<li>${text}</li>`)}
    </ul>`

/** After Mitchell et al. 2019, "Model cards for model reporting". */
export function modelCard({ run }: RunReport): Html {
  return html`${list('Intended use', [
    'Ordering products that the suitability rules permit an investor, for a slate that an investing app shows him with its reasons.',
    'Not for deciding what is suitable, which the rules do and the model cannot change; not for advice on amounts, nor for granting or pricing anything.',
  ])}
  ${list('Data', dataOf(run))}
  ${list('Limits', [
    'It learns from what people bought: also from what was put before them, and from fashions. What nobody was shown it cannot tell from what nobody wants.',
    'New products and new investors are ranked by facts or by popularity; see the segment “new”.',
    'The figures are of one cut in time. Intervals are of who was drawn, not of other months.',
  ])}
  ${list('Ethical notes', [
    'Sex, place of living and name are no inputs; of what it reads of an investor, lineage names each feature. Look among the segments for one that it serves worse, such as an age.',
    'Companies are shown unevenly; the Gini coefficient and the caps above say how much, and it is a gate that this does not get worse.',
    'An investor may opt out of personalisation, and then sees the same list as all others. Who is erased is gone from the data of the next run; this page names nobody.',
  ])}
  ${list('Not measured', notMeasured(run.evaluation))}`
}

function dataOf({ record, metrics, evaluation }: RunReport['run']): string[] {
  const { pairs, warmProducts, products } = metrics
  return [
    `Everything that was known before ${second(record.asOf)}${pairs === undefined ? '' : `: ${grouped(pairs)} pairs of investor and product`}.`,
    ...(warmProducts === undefined || products === undefined
      ? []
      : [`${grouped(warmProducts)} of ${grouped(products)} products were bought by anybody.`]),
    evaluation === null
      ? 'Too few purchases to hold some out.'
      : `Held out: the latest tenth of the purchases, from ${second(evaluation.cut)}. Judged: ${grouped(evaluation.investors)} of ${grouped(evaluation.eligible)} investors who bought something new after it. The judged model is the same config fitted on what came before; the model of this run is fitted on everything.`,
  ]
}

function notMeasured(evaluation: EvaluationReport | null): string[] {
  const all = evaluation?.models[0]?.segments[0]?.on
  return [
    ...(all?.return30d === undefined
      ? ['What came of recommendations in money: no NAVs of 30 days after the cut are known.']
      : []),
    'Whether showing a product caused its purchase: held-out purchases are what people chose anyway. An off-policy estimate or a trial would tell.',
    'How investors take the reasons, and whether they understand the risks.',
    'Weights of several heads against each other: the front is of the caps alone.',
  ]
}
