import { type ObjectivePoint } from '../../../training/evaluation/objectives.js'
import { type ObjectiveWeights } from '../../../training/objectives/weights.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { axisOf, dotAt, figure, lineThrough, planePlot, type Point } from './plots.js'
import { paragraph, soft, table } from './table.js'
import { metricWords, signed } from './words.js'

type Gain = 'coherence' | 'holdingDays' | 'return30d' | 'companyGini' | 'smallShare'

type Aspect = {
  readonly gain: Gain
  /** At the head of a column, and within a sentence. */
  readonly name: string
  readonly inWords: string
  readonly axis: string
  readonly text: (value: number) => string
  readonly better: 'higher' | 'lower'
}

const aspects: readonly Aspect[] = [
  {
    ...{ gain: 'coherence', name: 'Coherence', inWords: 'coherence with the risk band', better: 'higher' },
    ...{ axis: 'shown within one level of the investor’s (further right: more)', text: metricWords.coherence.text },
  },
  {
    ...{ gain: 'holdingDays', name: 'Holding', inWords: 'the expected days held', better: 'higher' },
    ...{ axis: 'days for which what is shown was held (further right: longer)', text: metricWords.holdingDays.text },
  },
  {
    ...{ gain: 'return30d', name: 'Return', inWords: 'the return over the 30 days after', better: 'higher' },
    ...{ axis: 'return over the 30 days after (further right: more)', text: metricWords.return30d.text },
  },
  {
    ...{ gain: 'companyGini', name: 'Company Gini', inWords: 'the evenness of exposure', better: 'lower' },
    ...{ axis: 'company Gini (further left: more even)', text: metricWords.companyGini.text },
  },
  {
    ...{ gain: 'smallShare', name: 'Small half', inWords: 'the share of the small half', better: 'higher' },
    ...{ axis: 'share of the companies that sold least', text: metricWords.topCompanyShare.text },
  },
]
/** Those that have a plot of their own. */
const drawn: ReadonlySet<Gain> = new Set(['coherence', 'holdingDays', 'return30d', 'companyGini'])

/** What weights of objectives cost in accuracy, and what they gain. */
export function objectives(points: readonly ObjectivePoint[] | undefined): Html {
  const [served] = points ?? []
  if (points === undefined || served === undefined)
    return soft('Not measured in this run, or of a model whose order no objective can be added to.')
  const known = aspects.filter(({ gain }) => points.every((point) => point[gain] !== null))
  const caption =
    'Each point is a choice of weights; the line joins those that no other betters in both. Red: what is served. All are of the same investors, with suitability on.'
  return html`${soft(caption)} ${known.filter(({ gain }) => drawn.has(gain)).map((aspect) => plane(aspect, points))}
  ${whyServed(points, known).map(paragraph)} ${rows(points, known)}`
}

function plane({ gain, inWords, axis, text }: Aspect, points: readonly ObjectivePoint[]): Html {
  const label = `nDCG against ${inWords}`
  const x = axisOf(
    axis,
    points.map((point) => point[gain] ?? 0),
    text,
  )
  const y = axisOf(
    'nDCG',
    points.map(({ ndcg }) => ndcg),
    metricWords.ndcg.text,
  )
  const place = (point: ObjectivePoint): Point => [point[gain] ?? 0, point.ndcg]
  const plot = planePlot(label, { x, y, height: 260 }, (at) => [
    lineThrough(
      'after line',
      undominatedIn(gain, points).map((point) => at(place(point))),
    ),
    ...points
      .toReversed()
      .map((point) =>
        dotAt(point.isServed ? 'marked' : 'after', at(place(point)), point.isServed ? 6 : 4, inWordsOf(point.weights)),
      ),
  ])
  return figure(label, [], plot)
}

const isLower = (gain: Gain): boolean => aspects.find((aspect) => aspect.gain === gain)?.better === 'lower'
const goodness = (gain: Gain, point: ObjectivePoint): number => (isLower(gain) ? -1 : 1) * (point[gain] ?? Number.NaN)

/** Those of which no other is at least as good in nDCG and in `gain`, and better in one; by `gain`. */
export function undominatedIn(gain: Gain, points: readonly ObjectivePoint[]): readonly ObjectivePoint[] {
  const betters = (one: ObjectivePoint, other: ObjectivePoint): boolean => {
    const [more, accuracy] = [goodness(gain, one) - goodness(gain, other), one.ndcg - other.ndcg]
    return more >= 0 && accuracy >= 0 && (more > 0 || accuracy > 0)
  }
  return points
    .filter((point) => !points.some((other) => betters(other, point)))
    .sort((a, b) => (a[gain] ?? 0) - (b[gain] ?? 0))
}

/** Share of nDCG, in the mean, that may be given for something else in what is told. */
const mostLost = 0.02

/** The one with the most of it among those that lose at most 2 % of nDCG; null: the served one. */
export function mostOf(gain: Gain, points: readonly ObjectivePoint[]): ObjectivePoint | null {
  const least = (1 - mostLost) * (points.find(({ isServed }) => isServed)?.ndcg ?? 0)
  const [best] = points
    .filter(({ ndcg }) => ndcg >= least)
    .sort((a, b) => goodness(gain, b) - goodness(gain, a) || Number(b.isServed) - Number(a.isServed))
  return best === undefined || best.isServed ? null : best
}

/** Why what is served is weighed as it is, in the figures of this run. */
export function whyServed(points: readonly ObjectivePoint[], known: readonly Aspect[] = aspects): string[] {
  const served = points.find(({ isServed }) => isServed)
  if (served === undefined) return []
  const chances = known.map((aspect) => {
    const best = mostOf(aspect.gain, points)
    const { gain, text, inWords } = aspect
    if (best?.change == null || served[gain] === null || best[gain] === null)
      return `No choice that was tried betters ${inWords} for at most ${100 * mostLost} % of nDCG.`
    const { value, low, high } = best.change
    const price = `${signed(metricWords.ndcg.text, value)} (${signed(metricWords.ndcg.text, low)} to ${signed(metricWords.ndcg.text, high)})`
    return `For at most ${100 * mostLost} % of nDCG ${inWords} could go from ${text(served[gain])} to ${text(best[gain])}, weighing ${inWordsOf(best.weights)}: nDCG ${price}.`
  })
  return [reasonOf(served, points), chances.join(' ')]
}

const isNone = ({ coherence, holding, return: past }: ObjectiveWeights): boolean => coherence + holding + past === 0

function reasonOf(served: ObjectivePoint, points: readonly ObjectivePoint[]): string {
  if (isNone(served.weights))
    return 'Served is the score alone, and that is the default: what else a firm wants of its slates is its own to choose and to answer for. A tolerance is a bound and no aim, so that coherence leads whoever bears much to what is risky; what a past return foretells is seen here over thirty days of one market; what is held longer is bought a little less. Each is a weight of the config (objectives).'
  const none = points.find(({ weights }) => isNone(weights))
  const { ndcg } = metricWords
  const beside = none === undefined ? '' : ` in place of ${ndcg.text(none.ndcg)} by the score alone`
  return `Served weighs ${inWordsOf(served.weights)}, which the config asks for: nDCG ${ndcg.text(served.ndcg)}${beside}.`
}

const inWordsOf = (weights: ObjectiveWeights): string =>
  isNone(weights)
    ? 'nothing but the score'
    : Object.entries(weights)
        .filter(([, weight]) => weight > 0)
        .map(([name, weight]) => `${name} ${weight}`)
        .join(', ')

/** What is served, the score alone, and what is on a line. */
function rows(points: readonly ObjectivePoint[], known: readonly Aspect[]): Html {
  const onLines = new Set(known.flatMap(({ gain }) => undominatedIn(gain, points)))
  const told = points.filter((point) => point.isServed || isNone(point.weights) || onLines.has(point))
  if (told.length === 0) return nothing
  const { text } = metricWords.ndcg
  return table(
    ['', 'Weights', '#nDCG', '#less that of what is served', ...known.map(({ name }) => `#${name}`)],
    told.map((point) => [
      point.isServed ? 'served' : onLines.has(point) ? 'on a line' : '',
      inWordsOf(point.weights),
      text(point.ndcg),
      point.change === null
        ? '–'
        : `${signed(text, point.change.value)} (${signed(text, point.change.low)} to ${signed(text, point.change.high)})`,
      ...known.map(({ gain, text: of }) => of(point[gain] ?? Number.NaN)),
    ]),
  )
}
