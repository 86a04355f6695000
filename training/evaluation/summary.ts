import { bootstrapMeans, type Column, lessColumn } from './bootstrap.js'
import { lessStatistic, measuredStatistic, type Statistic, statisticsOf } from './collection.js'
import { type Columns } from './columns.js'
import { type Market } from './market.js'
import { type Measured, type Metrics, type Segment, type SegmentDifference } from './report.js'
import { type Members } from './segments.js'
import { type Slate } from './slates.js'

/** A model's slates under one pack, and their columns. */
export type Scored = { readonly slates: readonly Slate[]; readonly columns: Columns }
/** The same with suitability on and off. */
export type Contender = { readonly on: Scored; readonly off: Scored }

/** What of it is to be measured in one segment, by the name of the metric. */
type Figures = {
  readonly columns: Readonly<Record<string, Column>>
  readonly statistics: Readonly<Record<string, Statistic>>
}

const figuresOf = ({ slates, columns }: Scored, places: readonly number[], market: Market): Figures => ({
  columns: mapped(columns, (column) => Float64Array.from(places, (place) => column[place] ?? Number.NaN)),
  statistics: statisticsOf(slates, places, market),
})

/** First less second. */
const less = (first: Figures, second: Figures): Figures => ({
  columns: mapped(first.columns, (column, name) => lessColumn(column, second.columns[name] ?? column)),
  statistics: mapped(first.statistics, (of, name) => lessStatistic(of, second.statistics[name] ?? of)),
})

const mapped = <A, B>(of: Readonly<Record<string, A>>, made: (value: A, name: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, made(value, name)]))

export type SummaryOptions = { readonly market: Market; readonly seed: number; readonly resamples: number }

/** Of one segment: what each contender comes to, and the first less each of the others. */
export type Summary = { readonly segments: readonly Segment[]; readonly differences: readonly SegmentDifference[] }

/** Measures a segment; all figures of it see the same resamples. The first of the contenders is the candidate. */
export function summarise(
  { by, name, places }: Members,
  contenders: readonly Contender[],
  { market, seed, resamples }: SummaryOptions,
): Summary {
  const figures = contenders.map(
    ({ on, off }) => [figuresOf(on, places, market), figuresOf(off, places, market)] as const,
  )
  const [candidate, ...others] = figures
  if (candidate === undefined) return { segments: [], differences: [] }
  const wanted = [
    ...figures.flatMap(([on, off]) => [on, off, less(off, on)]),
    ...others.flatMap(([on, off]) => [less(candidate[0], on), less(candidate[1], off)]),
  ]
  const measured = measure(wanted, { seed, resamples, label: `${by} ${name}` })
  const next = (): Metrics => measured.shift() ?? {}
  const segment = { by, name, investors: places.length }
  return {
    segments: contenders.map(() => ({ ...segment, on: next(), off: next(), price: next() })),
    differences: others.map(() => ({ ...segment, on: next(), off: next() })),
  }
}

function measure(wanted: readonly Figures[], options: Parameters<typeof bootstrapMeans>[1]): Metrics[] {
  const means = bootstrapMeans(
    wanted.flatMap(({ columns }) => Object.values(columns)),
    options,
  )
  return wanted.map(({ columns, statistics }) => {
    const found: [string, Measured | null | undefined][] = [
      ...Object.keys(columns).map((name): [string, Measured | null | undefined] => [name, means.shift()]),
      ...Object.entries(statistics).map(([name, of]): [string, Measured | null] => [name, measuredStatistic(of)]),
    ]
    return Object.fromEntries(found.filter(([, figure]) => figure))
  })
}
