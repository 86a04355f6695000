import { type EvaluationReport, evaluationOf } from '../../../training/evaluation/report.js'
import { style } from '../../audit/backtest/style.js'
import { asIs, html, type Html, nothing } from '../../http/docs/html.js'
import { modelCard } from './card.js'
import { curve } from './curve.js'
import { type RunReport } from './data.js'
import { exposure } from './exposure.js'
import { floors } from './floors.js'
import { front } from './front.js'
import { headline } from './headline.js'
import { lineage } from './lineage.js'
import { map } from './map.js'
import { metricCards } from './metrics.js'
import { mix } from './mix.js'
import { objectives } from './objectives.js'
import { segments } from './segments.js'
import { slates } from './slates.js'
import { more } from './style.js'
import { suitability } from './suitability.js'
import { paragraph, soft } from './table.js'
import { signed } from './words.js'

/** A training run as one page to read, print and keep: nothing to load, no scripts, nobody named. */
export function runPage(report: RunReport): string {
  const { run } = report
  const title = `Training run ${run.id}`
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${title}</title>
      <style>
        ${asIs(style + more)}
      </style>
      <h1>${title}</h1>
      ${headline(report)} ${run.evaluation === null ? nothing : judged(run.evaluation, report)}
      <h2>How the fit went</h2>
      ${curve(run.curve, run.config.kind)}
      <h2>Map of the products</h2>
      ${map(report)}
      <h2>Slates of a dozen investors</h2>
      ${slates(report.samples)}
      <h2>Model card</h2>
      ${modelCard(report)}
      <h2>Lineage</h2>
      ${lineage(report)}
    </html>`.markup
}

const judged = (evaluation: EvaluationReport, report: RunReport): Html =>
  html`<h2>Metrics</h2>
    ${beside(evaluation)} ${metricCards(evaluation)} ${holding(evaluation)}
    <h2>Suitability and its price</h2>
    ${suitability(evaluation)}
    <h2>Segments</h2>
    ${segments(evaluation)}
    <h2>Exposure of companies</h2>
    ${exposure(evaluation, report.companies)}
    <h2>Calibration to the investors’ own mix</h2>
    ${mix(evaluation)}
    <h2>Accuracy against exposure: the front</h2>
    ${front(evaluation.front)}
    <h2>What else might be wanted: the front of objectives</h2>
    ${objectives(evaluation.objectives)} ${floors(evaluation.floors)}`

/** Who stands beside it, and as what. */
function beside(evaluation: EvaluationReport): Html {
  const incumbent = evaluationOf(evaluation, 'incumbent')
  if (incumbent === undefined) return paragraph('Beside it stands popularity; nothing was serving when it was trained.')
  const how =
    incumbent.as === 'served'
      ? 'as it serves, for it is older than the cut'
      : 'its config fitted anew before the cut, for the served one has seen the held-out purchases'
  return paragraph(
    `Beside it stand popularity and the incumbent, ${incumbent.kind}${incumbent.runId === null ? '' : ` of ${incumbent.runId}`}: ${how}.`,
  )
}

/** Held-out purchases that were shown against those that were not. */
function holding(evaluation: EvaluationReport): Html {
  const held = evaluationOf(evaluation, 'candidate')?.held ?? null
  if (held === null) return nothing
  const { days, shown, notShown, difference } = held
  const text = (value: number): string => value.toFixed(1)
  return soft(
    `Held-out purchases that the model had shown were held ${text(shown.value)} of the first ${days} days, the others ${text(notShown.value)}: a difference of ${signed(text, difference.value)} (${signed(text, difference.low)} to ${signed(text, difference.high)}; restricted means by Kaplan–Meier). People chose both; it does not say what comes of being shown.`,
  )
}
