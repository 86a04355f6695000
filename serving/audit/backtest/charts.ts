import { type Backtest } from '../../../audit/backtest/backtest.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { barPlot, rangePlot, type Series } from './plots.js'

const mostCompanies = 20
const [tenth, median, ninetieth] = [1, 3, 5]

const figure = (caption: string, series: readonly (readonly [Series, string])[], plot: Html): Html =>
  html`<figure>
    <figcaption>
      ${caption}${series.map(([name, text]) => html`<span class="swatch ${name}"></span>${text}`)}
    </figcaption>
    ${plot}
  </figure>`

const lostAndGained = [
  ['lost', 'lost'],
  ['gained', 'gained'],
] as const

export const charts = {
  /** Served items that each rule would have blocked. */
  blocked: ({ rules }: Backtest): Html => {
    const blocking = rules.filter(({ blocked }) => blocked.items > 0)
    if (blocking.length === 0) return nothing
    const caption = 'Served items that would have been blocked, by rule (one item may break several)'
    const rows = [...blocking]
      .sort((a, b) => b.blocked.items - a.blocked.items)
      .map(({ ruleId, blocked }) => ({ name: ruleId, bars: [{ series: 'lost' as const, value: blocked.items }] }))
    return figure(caption, [], barPlot(caption, rows))
  },

  /** How many products a decision could choose from, before and after. */
  permitted: ({ levels }: Backtest): Html => {
    const some = levels.filter(({ decisions }) => decisions > 0)
    if (some.length === 0) return nothing
    const caption = 'Recommendable products a decision, by level: median, and the 10th to the 90th in a hundred'
    const rows = some.map(({ level, permitted }) => ({
      name: level,
      ranges: (['before', 'after'] as const).map((series) => ({
        series,
        low: permitted[series][tenth] ?? 0,
        median: permitted[series][median] ?? 0,
        high: permitted[series][ninetieth] ?? 0,
      })),
    }))
    const most = Math.max(...rows.flatMap(({ ranges }) => ranges.map(({ high }) => high)))
    const series = [
      ['before', 'as recorded'],
      ['after', 'candidate'],
    ] as const
    return figure(caption, series, rangePlot(caption, rows, most))
  },

  /** Decisions that differ, of all, by age. */
  ages: ({ ageBands }: Backtest): Html => {
    const some = ageBands.filter(({ decisions }) => decisions > 0)
    if (some.length === 0) return nothing
    const caption = 'Decisions by age of the investor'
    const rows = some.map(({ ageBand, decisions, changed }) => ({
      name: ageBand,
      bars: [
        { series: 'before' as const, value: decisions },
        { series: 'after' as const, value: changed.decisions },
      ],
    }))
    const series = [
      ['before', 'all'],
      ['after', 'that differ'],
    ] as const
    return figure(caption, series, barPlot(caption, rows))
  },

  companies: ({ companies }: Backtest): Html => {
    if (companies.length === 0) return nothing
    const more = companies.length > mostCompanies ? `, the ${mostCompanies} of ${companies.length} with most` : ''
    const caption = `Products lost and gained, times decisions, by fund company${more}`
    const gains = companies.some(({ gained }) => gained > 0)
    const rows = companies.slice(0, mostCompanies).map(({ companyName, lost, gained }) => ({
      name: companyName,
      bars: [
        { series: 'lost' as const, value: lost },
        ...(gains ? [{ series: 'gained' as const, value: gained }] : []),
      ],
    }))
    return figure(caption, gains ? lostAndGained : [], barPlot(caption, rows))
  },
}
