import {
  betterIs,
  type EvaluationReport,
  type Measured,
  MetricName,
  type ModelName,
} from '../../../training/evaluation/report.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { dotPlot, seriesOf } from './plots.js'
import { metricWords, modelWords, nameOfMetric, signed } from './words.js'

/** In the order in which they are told. */
export const modelsIn = ({ models }: EvaluationReport): readonly ModelName[] =>
  (['candidate', 'incumbent', 'popularity'] as const).filter((name) => models.some((model) => model.name === name))

/** A difference with its interval, coloured where it is better or worse beyond the interval. */
export function differenceOf(metric: MetricName, difference: Measured): Html {
  const { value, low, high } = difference
  const better = betterIs[metric]
  const sure = low > 0 || high < 0
  const good = better === null || !sure ? 'same' : value > 0 === (better === 'higher') ? 'better' : 'worse'
  return html`<span class="${good}">${signed(metricWords[metric].text, value)}</span> ${intervalOf(metric, difference)}`
}

export const intervalOf = (metric: MetricName, { low, high }: Measured): string =>
  `(${signed(metricWords[metric].text, low)} to ${signed(metricWords[metric].text, high)})`

const legendOf = (names: readonly ModelName[]): Html =>
  html`<p class="soft">
    ${names.map((name) => html`<span class="legend"><span class="swatch ${seriesOf[name]}"></span>${modelWords[name]}</span> `)}
    95 % intervals, suitability on. In colour: better or worse by more than the interval of the paired difference.
  </p>`

/** Every metric of all investors, each model on one axis. */
export function metricCards(evaluation: EvaluationReport): Html {
  const names = modelsIn(evaluation)
  return html`${legendOf(names)}
    <div class="cards">${MetricName.options.map((metric) => card(evaluation, metric, names))}</div>`
}

function card(evaluation: EvaluationReport, metric: MetricName, names: readonly ModelName[]): Html {
  const { name, meaning, text } = { ...metricWords[metric], name: nameOfMetric(metric, evaluation.config.k) }
  const ranges = names.flatMap((of) => {
    const found = evaluation.models.find((model) => model.name === of)?.segments[0]?.on[metric]
    return found === undefined ? [] : [{ series: seriesOf[of], name: modelWords[of], ...found }]
  })
  const [mine] = ranges
  if (mine === undefined || mine.name !== modelWords.candidate) return nothing
  const better = betterIs[metric]
  const differences = evaluation.differences.flatMap(({ against, segments }) => {
    const difference = segments[0]?.on[metric]
    return difference === undefined ? [] : [{ against, difference }]
  })
  return html`<section class="card">
    <h3>${name} ${text(mine.value)}</h3>
    <p class="soft">${meaning}${better === null ? '' : `; ${better} is better`}</p>
    ${dotPlot(name, ranges, text)}
    ${differences.map(({ against, difference }) => html`<p>${modelWords[against]}: ${differenceOf(metric, difference)}</p>`)}
  </section>`
}
