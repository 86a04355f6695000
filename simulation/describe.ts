/**
 * Measures the simulated market beside real ones and draws the plots of docs/simulation.md:
 * `npm run build && node dist/simulation/describe.js ../shared/data docs`. The folder of real data holds `far-trans/`
 * and `cn-funds/` (docs/data.md); of them the figures alone are written, into docs/simulation/ and between the marks of
 * docs/simulation.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importCnFunds } from '../features/ingest/cnFunds/importCnFunds.js'
import { importFarTrans } from '../features/ingest/farTrans/importFarTrans.js'
import { ProductKind } from '../features/schema/levels.js'
import { linear, linePlot, percent, rangePlot, stepped } from './plot.js'
import { simulateMarket } from './simulateMarket.js'
import { atLeast, type MarketStatistics, statisticsSink, topShares } from './statistics.js'

const endDay = '2026-05-08'
const dayMs = 86_400_000
/** The dated buys of FAR-Trans: as many days of the simulated market are laid beside them. */
const realFrom = Date.parse('2018-01-02T00:00:00Z')
const realTo = Date.parse('2019-08-01T00:00:00Z')
const colours = { simulated: '#1f6fb4', real: '#d9822b' }

async function simulated(): Promise<MarketStatistics> {
  const sink = statisticsSink()
  await simulateMarket({ seed: 1, endDay }, sink)
  const end = Date.parse(`${endDay}T00:00:00Z`) + dayMs
  return sink.of(end - (realTo - realFrom), end)
}

async function farTrans(dir: string): Promise<MarketStatistics> {
  const sink = statisticsSink()
  await importFarTrans({ dir, strict: false, importedAt: Date.parse(`${endDay}T00:00:00Z`) }, sink)
  return sink.of(realFrom, realTo)
}

async function cnFunds(dir: string): Promise<MarketStatistics> {
  const sink = statisticsSink()
  await importCnFunds({ dir, strict: false, importedAt: Date.parse(`${endDay}T14:00:00Z`) }, sink)
  return sink.of(0, 1)
}

const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1]

/** The share of buyers that made at least so many purchases, and what the most bought products took of all. */
function curves(own: MarketStatistics, real: MarketStatistics): Readonly<Record<string, string>> {
  const both = (of: (market: MarketStatistics) => readonly (readonly [number, number])[]) => [
    { name: 'simulated', colour: colours.simulated, points: of(own) },
    { name: 'FAR-Trans', colour: colours.real, points: of(real) },
  ]
  const across = stepped('purchases in 19 months, at least', atLeast, String)
  const top = stepped('most bought products, share of those bought', topShares, percent)
  return {
    'purchases-per-customer.svg': linePlot(
      'Purchases per customer',
      across,
      linear('share of buyers', fifths, 1, percent),
      both(({ buyersWithAtLeast }) => atLeast.map((n, i) => [n, buyersWithAtLeast[i] ?? 0] as const)),
    ),
    'popularity.svg': linePlot(
      'Product popularity',
      top,
      linear('share of purchases', fifths, 1, percent),
      both(({ shareOfTop }) => topShares.map((n, i) => [n, shareOfTop[i] ?? 0] as const)),
    ),
  }
}

/** Kinds that both have. */
const kindsOf = (own: MarketStatistics, real: MarketStatistics): ProductKind[] =>
  ProductKind.options.filter((kind) => own.volatility.has(kind) && real.volatility.has(kind))

function volatilityPlot(own: MarketStatistics, real: MarketStatistics): string {
  const kinds = kindsOf(own, real)
  const ranges = (market: MarketStatistics) => kinds.map((kind) => market.volatility.get(kind)?.bps ?? null)
  const ticks = [0, 1_000, 2_000, 3_000, 4_000, 5_000]
  return rangePlot(
    'Volatility a year: 10th, 50th, 90th in a hundred',
    linear('', ticks, 6_000, (bps) => `${bps / 100} %`),
    kinds,
    [
      { name: 'simulated', colour: colours.simulated, ranges: ranges(own) },
      { name: 'cn-funds', colour: colours.real, ranges: ranges(real) },
    ],
  )
}

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function tables(own: MarketStatistics, real: MarketStatistics, funds: MarketStatistics): string {
  const at = (curve: readonly number[], index: number): string => percent(curve[index] ?? 0)
  const above = (market: MarketStatistics): string => (market.shareAbove === null ? '' : percent(market.shareAbove))
  const bps = (market: MarketStatistics, kind: ProductKind): string[] => {
    const of = market.volatility.get(kind)
    return of === undefined
      ? ['', '']
      : [String(of.products), of.bps.map((value) => (value / 100).toFixed(1)).join(' · ')]
  }
  return [
    row('19 months', 'simulated', 'FAR-Trans'),
    row('---', '---', '---'),
    row('purchases', String(own.purchases), String(real.purchases)),
    row('buyers', String(own.buyers), String(real.buyers)),
    ...[2, 3, 5, 20].map((least) => {
      const index = atLeast.findIndex((n) => n === least)
      return row(
        `buyers with at least ${least} purchases`,
        at(own.buyersWithAtLeast, index),
        at(real.buyersWithAtLeast, index),
      )
    }),
    ...[0.01, 0.05, 0.1, 0.2].map((share) => {
      const index = topShares.findIndex((n) => n === share)
      return row(
        `purchases of the top ${percent(share)} of products`,
        at(own.shareOfTop, index),
        at(real.shareOfTop, index),
      )
    }),
    row("purchases above the buyer's level", above(own), above(real)),
    '',
    row(
      'volatility a year, %',
      'simulated: products',
      '10th · 50th · 90th',
      'cn-funds: products',
      '10th · 50th · 90th',
    ),
    row('---', '---', '---', '---', '---'),
    ...kindsOf(own, funds).map((kind) => row(kind, ...bps(own, kind), ...bps(funds, kind))),
  ].join('\n')
}

async function main(data: string, docs: string): Promise<void> {
  const own = await simulated()
  const [real, funds] = [await farTrans(join(data, 'far-trans')), await cnFunds(join(data, 'cn-funds'))]
  mkdirSync(join(docs, 'simulation'), { recursive: true })
  for (const [name, svg] of Object.entries({ ...curves(own, real), 'volatility.svg': volatilityPlot(own, funds) }))
    writeFileSync(join(docs, 'simulation', name), svg)
  const page = readFileSync(join(docs, 'simulation.md'), 'utf8')
  const marked = /(<!-- figures -->\n)[^]*(\n<!-- end of figures -->)/
  writeFileSync(
    join(docs, 'simulation.md'),
    page.replace(marked, (_, start: string, end: string) => start + tables(own, real, funds) + end),
  )
}

const [data, docs] = process.argv.slice(2)
if (data === undefined || docs === undefined) {
  process.stderr.write('describe: want the folder of real data and that of the docs, such as ../shared/data docs\n')
  process.exitCode = 2
} else await main(data, docs)
