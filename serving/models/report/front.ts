import { type FrontPoint } from '../../../training/evaluation/front.js'
import { html, type Html } from '../../http/docs/html.js'
import { axisOf, dotAt, figure, lineThrough, planePlot, type Point } from './plots.js'
import { soft, table } from './table.js'
import { metricWords } from './words.js'

type Placed = FrontPoint & { readonly companyGini: number }

/** What caps on companies and kinds cost in accuracy, and gain in exposure. */
export function front(points: readonly FrontPoint[] | undefined): Html {
  const placed = (points ?? []).filter((point): point is Placed => point.companyGini !== null)
  if (placed.length === 0) return soft('Not measured in this run.')
  const label = 'nDCG against unevenness of exposure, under caps on companies and kinds'
  const { text } = metricWords.companyGini
  const x = axisOf(
    'company Gini (further left: companies are shown more alike)',
    placed.map(({ companyGini }) => companyGini),
    text,
  )
  const y = axisOf(
    'nDCG',
    placed.map(({ ndcg }) => ndcg),
    metricWords.ndcg.text,
  )
  const best = undominated(placed)
  const plot = planePlot(label, { x, y, height: 300 }, (at) => [
    lineThrough(
      'after line',
      best.map(({ companyGini, ndcg }) => at([companyGini, ndcg] as Point)),
    ),
    ...placed.map((point) =>
      dotAt(
        point.isDefault ? 'marked' : 'after',
        at([point.companyGini, point.ndcg]),
        point.isDefault ? 6 : 4,
        capsOf(point),
      ),
    ),
  ])
  const caption =
    'Each point is a pair of caps; the line joins those that no other betters in both. Red: what is served. All are of the same investors; a difference far below the interval of nDCG above says nothing.'
  return html`${figure(caption, [], plot)} ${chosen(placed, best)}`
}

const capsOf = ({ perCompanyBps, perKindBps }: FrontPoint): string =>
  `at most ${perCompanyBps / 100} % of a company and ${perKindBps / 100} % of a kind`

/** Those of which none has both a higher nDCG and a lower Gini; by Gini. */
export const undominated = (points: readonly Placed[]): readonly Placed[] =>
  points
    .filter(
      (point) =>
        !points.some(
          (other) =>
            other.ndcg >= point.ndcg &&
            other.companyGini <= point.companyGini &&
            (other.ndcg > point.ndcg || other.companyGini < point.companyGini),
        ),
    )
    .sort((a, b) => a.companyGini - b.companyGini)

function chosen(points: readonly Placed[], best: readonly Placed[]): Html {
  const none = points.find(({ perCompanyBps, perKindBps }) => perCompanyBps === 10_000 && perKindBps === 10_000)
  const { ndcg, companyGini, diversity } = metricWords
  const row = (name: string, point: Placed): string[] => [
    name,
    capsOf(point),
    ndcg.text(point.ndcg),
    companyGini.text(point.companyGini),
    point.diversity === null ? '–' : diversity.text(point.diversity),
  ]
  return table(
    ['', 'Caps', '#nDCG', '#Company Gini', '#Diversity'],
    [
      ...points.filter(({ isDefault }) => isDefault).map((point) => row('served', point)),
      ...(none === undefined ? [] : [row('no caps: as judged above', none)]),
      ...best.map((point) => row('on the line', point)),
    ],
  )
}
