import { type FloorsReport } from '../../../training/evaluation/floors.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { paragraph, table } from './table.js'
import { metricWords, signed } from './words.js'

const percent = metricWords.topCompanyShare.text

/** What floors of exposure give to whom places are kept for, and cost the others. */
export function floors(report: FloorsReport | undefined): Html {
  if (report === undefined) return nothing
  const { ndcg, coldBuyers } = report
  const { text } = metricWords.ndcg
  const change =
    ndcg.change === null
      ? ''
      : `, ${signed(text, ndcg.change.value)} (${signed(text, ndcg.change.low)} to ${signed(text, ndcg.change.high)})`
  const words = `Places are kept, after suitability and under the caps: nDCG ${text(ndcg.with)} in place of ${text(ndcg.without)} without them${change}. Of ${coldBuyers.investors} investors who then bought something that nobody had bought before, ${coldBuyers.with} were shown one of theirs, and without floors ${coldBuyers.without}.`
  return html`<h2>Floors of exposure</h2>
    ${paragraph(words)}
    ${table(
      ['Floor', '#asked for', '#shown', '#without', '#investors who may be shown any'],
      report.floors.map((floor) => [
        floor.name,
        percent(floor.minShareBps / 10_000),
        percent(floor.with),
        percent(floor.without),
        percent(floor.reachable),
      ]),
    )}`
}
