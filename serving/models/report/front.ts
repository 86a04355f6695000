import { type FrontPoint } from '../../../training/evaluation/front.js'
import { html, type Html } from '../../http/docs/html.js'
import { axisOf, dotAt, figure, lineThrough, planePlot, type Point } from './plots.js'
import { paragraph, soft, table } from './table.js'
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
  return html`${figure(caption, [], plot)} ${paragraph(whyServed(placed))} ${chosen(placed, best)}`
}

const isUncapped = ({ perCompanyBps, perKindBps }: FrontPoint): boolean =>
  perCompanyBps === 10_000 && perKindBps === 10_000

/** Why the caps that serve are the ones that serve, in the figures of this run. */
export function whyServed(points: readonly Placed[]): string {
  const [served, none] = [points.find(({ isDefault }) => isDefault), points.find(isUncapped)]
  if (served === undefined || none === undefined) return 'The caps that serve, or none at all, were not tried here.'
  const { ndcg, companyGini } = metricWords
  const better = points.filter((other) => betters(other, served))
  const price = `Served are ${capsOf(served)}: nDCG ${ndcg.text(served.ndcg)} in place of ${ndcg.text(none.ndcg)} without caps, company Gini ${companyGini.text(served.companyGini)} in place of ${companyGini.text(none.companyGini)}.`
  const reason = 'They are a matter of prudence, that no slate hangs on one company or one kind, and not of accuracy.'
  const [first] = better.sort((a, b) => b.ndcg - a.ndcg)
  const others =
    first === undefined
      ? 'No pair of caps that was tried betters them in both.'
      : `${better.length} of ${points.length} pairs of caps better them in both, the most accurate ${capsOf(first)}.`
  return `${price} ${reason} ${others}`
}

/** At least as good in both, and better in one. */
const betters = (one: Placed, other: Placed): boolean =>
  one.ndcg >= other.ndcg &&
  one.companyGini <= other.companyGini &&
  (one.ndcg > other.ndcg || one.companyGini < other.companyGini)

const capsOf = ({ perCompanyBps, perKindBps }: FrontPoint): string =>
  `at most ${perCompanyBps / 100} % of a company and ${perKindBps / 100} % of a kind`

/** Those of which none has both a higher nDCG and a lower Gini; by Gini. */
export const undominated = (points: readonly Placed[]): readonly Placed[] =>
  points.filter((point) => !points.some((other) => betters(other, point))).sort((a, b) => a.companyGini - b.companyGini)

/** One row for all caps that come to the same slates: the loosest of them. */
function onceEach(points: readonly Placed[]): readonly (readonly [Placed, number])[] {
  const groups = new Map<string, Placed[]>()
  for (const point of points) {
    const name = `${point.ndcg} ${point.companyGini} ${point.diversity ?? ''}`
    groups.set(name, [...(groups.get(name) ?? []), point])
  }
  const looseness = ({ perCompanyBps, perKindBps }: Placed): number => perCompanyBps + perKindBps
  return [...groups.values()].flatMap((group) => {
    const loosest = group.toSorted((a, b) => looseness(b) - looseness(a))[0]
    return loosest === undefined ? [] : [[loosest, group.length - 1] as const]
  })
}

function chosen(points: readonly Placed[], best: readonly Placed[]): Html {
  const none = points.find(isUncapped)
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
      ...onceEach(best).map(([point, more]) =>
        row(more === 0 ? 'on the line' : `on the line, and ${more} more alike`, point),
      ),
    ],
  )
}
