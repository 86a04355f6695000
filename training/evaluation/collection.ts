import { catalogueCoverage } from '../metrics/coverage.js'
import { gini, topShare } from '../metrics/gini.js'
import { jackknife } from './jackknife.js'
import { type Market } from './market.js'
import { type collectionMetrics, type Measured } from './report.js'
import { type Slate } from './slates.js'

export type CollectionMetric = (typeof collectionMetrics)[number]

/** A statistic of all slates, and of all but each: [n], NaN where it has no value. */
export type Statistic = { readonly value: number; readonly without: Float64Array }
export type Statistics = Readonly<Record<CollectionMetric, Statistic>>

/** What of all slates together; `places` are those of the slates that count. */
export function statisticsOf(slates: readonly Slate[], places: readonly number[], market: Market): Statistics {
  const products = new Float64Array(market.size)
  const companies = new Float64Array(market.companies.length)
  const count = (place: number, by: number): void => {
    for (const ordinal of slates[place]?.shown ?? []) {
      const company = market.company[ordinal] ?? -1
      products[ordinal] = (products[ordinal] ?? 0) + by
      companies[company] = (companies[company] ?? 0) + by
    }
  }
  for (const place of places) count(place, 1)
  const distinct = catalogueCoverage(products, market.size) * market.size
  const onlyHis = (place: number): number =>
    (slates[place]?.shown ?? []).filter((ordinal) => products[ordinal] === 1).length
  const statistic = (value: () => number | null, without: (place: number) => number | null): Statistic => ({
    value: value() ?? Number.NaN,
    without: Float64Array.from(places, (place) => without(place) ?? Number.NaN),
  })
  const ofCompanies = (of: (exposures: Float64Array) => number | null): Statistic =>
    statistic(
      () => of(companies),
      (place) => {
        count(place, -1)
        const left = of(companies)
        count(place, 1)
        return left
      },
    )
  return {
    coverage: statistic(
      () => distinct / market.size,
      (place) => (distinct - onlyHis(place)) / market.size,
    ),
    companyGini: ofCompanies(gini),
    topCompanyShare: ofCompanies(topShare),
  }
}

export const measuredStatistic = ({ value, without }: Statistic): Measured | null =>
  jackknife(value, without.length, (at) => without[at] ?? Number.NaN)

/** First less second, of the same investors. */
export const lessStatistic = (first: Statistic, second: Statistic): Statistic => ({
  value: first.value - second.value,
  without: first.without.map((value, at) => value - (second.without[at] ?? Number.NaN)),
})
