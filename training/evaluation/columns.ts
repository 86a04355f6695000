import { levelNumber, ProductKind } from '../../features/schema/levels.js'
import { miscalibration } from '../metrics/calibration.js'
import { coherence } from '../metrics/coherence.js'
import { intraListDiversity } from '../metrics/diversity.js'
import { isHit } from '../metrics/hitRate.js'
import { reciprocalRank } from '../metrics/mrr.js'
import { ndcg } from '../metrics/ndcg.js'
import { novelty } from '../metrics/novelty.js'
import { recall } from '../metrics/recall.js'
import { returnOfShown } from '../metrics/roi.js'
import { shareAboveBand } from '../metrics/shareAboveBand.js'
import { type Column } from './bootstrap.js'
import { type Market } from './market.js'
import { type slateMetrics } from './report.js'
import { type Judged, type Slate } from './slates.js'

export type SlateMetric = (typeof slateMetrics)[number]
export type Columns = Readonly<Record<SlateMetric, Column>>

/** What a metric reads: an investor, what he is shown, and the market. */
type View = { readonly judged: Judged; readonly shown: readonly number[]; readonly market: Market; readonly k: number }
type Metric = (view: View) => number | null

/** 1 to 5; null without a tolerance. */
export const toleranceOf = ({ snapshot }: Judged): number | null =>
  snapshot.profile.riskAssessment && levelNumber(snapshot.profile.riskAssessment.level)

/** Products by kind of those that a list of ordinals names. */
export function kindsOf(ordinals: Iterable<number>, { kind }: Market): number[] {
  const counts = ProductKind.options.map(() => 0)
  for (const ordinal of ordinals) counts[kind[ordinal] ?? -1] = (counts[kind[ordinal] ?? -1] ?? 0) + 1
  return counts
}

const levelsOf = ({ shown, market }: View): number[] => shown.map((ordinal) => market.level[ordinal] ?? 0)

/** Of kind, company and level, the share in which two products differ. */
const distance =
  ({ kind, company, level }: Market) =>
  (a: number, b: number): number =>
    [kind, company, level].filter((trait) => trait[a] !== trait[b]).length / 3

const mean = (values: readonly number[]): number | null => {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

const knownReturns = ({ shown, market }: View): Map<number, number> =>
  new Map(
    shown.map((at) => [at, market.return30d[at] ?? Number.NaN] as const).filter(([, value]) => !Number.isNaN(value)),
  )

const metrics: Readonly<Record<SlateMetric, Metric>> = {
  ndcg: ({ shown, judged, k }) => ndcg(shown, judged.bought, k),
  recall: ({ shown, judged, k }) => recall(shown, judged.bought, k),
  mrr: ({ shown, judged, k }) => reciprocalRank(shown, judged.bought, k),
  hitRate: ({ shown, judged, k }) => isHit(shown, judged.bought, k),
  novelty: ({ shown, market, k }) =>
    novelty(
      shown.map((at) => market.buyers[at] ?? 0),
      market.investors,
      k,
    ),
  diversity: ({ shown, market, k }) => intraListDiversity(shown, distance(market), k),
  calibration: ({ shown, judged, market }) => miscalibration(kindsOf(judged.past, market), kindsOf(shown, market)),
  coherence: (view) => withTolerance(view, (level) => coherence(levelsOf(view), level, view.k)),
  aboveTolerance: (view) => withTolerance(view, (level) => shareAboveBand(levelsOf(view), level, view.k)),
  return30d: (view) => returnOfShown(view.shown, knownReturns(view), view.k).mean,
  returnCoverage: (view) =>
    view.shown.length === 0 || !view.market.hasReturns ? null : knownReturns(view).size / view.shown.length,
  holdingDays: ({ shown, market }) => mean(shown.map((at) => market.heldDays[at] ?? Number.NaN)),
}

const withTolerance = ({ judged }: View, metric: (level: number) => number | null): number | null => {
  const level = toleranceOf(judged)
  return level === null ? null : metric(level)
}

/** Every metric of each slate: [n], NaN where it has no value. */
export function columnsOf(slates: readonly Slate[], judged: readonly Judged[], market: Market, k: number): Columns {
  const column = (metric: Metric): Column =>
    Float64Array.from(judged, (one, place) => {
      const shown = slates[place]?.shown ?? []
      return metric({ judged: one, shown, market, k }) ?? Number.NaN
    })
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, column(metric)])) as Columns
}

/** What `coherence` is of a rated product drawn at random: [n], NaN without a tolerance. */
export function randomCoherence(judged: readonly Judged[], { level }: Market): Column {
  const rated = [...level].filter((of) => of > 0)
  return Float64Array.from(judged, (one) => {
    const own = toleranceOf(one)
    return own === null ? Number.NaN : (coherence(rated, own, rated.length) ?? Number.NaN)
  })
}
