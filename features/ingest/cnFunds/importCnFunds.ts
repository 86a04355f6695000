import { outOfRange } from '../../quality/outOfRange.js'
import { Product } from '../../schema/product.js'
import { dateOfDayNumber, type Instant, type LocalDate } from '../../schema/time.js'
import { inBatches } from '../batches.js'
import { type ImportOptions, type ImportReport, IngestError } from '../report.js'
import { type Sink } from '../sink.js'
import { openTable, type Row, type Table } from '../table.js'
import { type Fault, startTally, type Tally } from '../tally.js'
import { readAnnualReturns } from './annualReturns.js'
import { jumpsOf } from './jumps.js'
import { fundTypes, type FundType } from './kinds.js'
import { readListed } from './listed.js'
import { type DailyNavs, readDailyNavs, recentNavs } from './navDaily.js'
import { navsOf, publishedAt } from './navHistory.js'
import { type FundSources, productInput } from './product.js'
import { readRank } from './rank.js'

const listColumns = { required: ['基金代码', '拼音缩写', '基金简称', '基金类型', '拼音全称'], optional: [] } as const
type ListColumn = (typeof listColumns.required)[number]

const noJumps: ReadonlySet<number> = new Set()

async function readSources(options: ImportOptions, tally: Tally) {
  const ranked = await readRank(options, tally)
  const listed = await readListed(options, tally)
  const yearly = await readAnnualReturns(options, tally)
  const daily = await readDailyNavs(options, tally)
  const absent = [
    ranked === null ? 'fund_rank_all.csv' : '',
    listed === null ? 'fund_basic_exchange_listed.csv' : '',
    yearly === null ? 'annual_returns_2016_2021.csv' : '',
    daily === null ? 'nav_daily.csv' : '',
  ].filter((file) => file !== '')
  const whole = daily ?? new Map<string, DailyNavs>()
  const recent = new Map([...whole].map(([code, navs]) => [code, recentNavs(navs)]))
  return { ranked, listed, yearly, whole, daily: recent, jumps: jumpsOf(recent), absent }
}
type Sources = Awaited<ReturnType<typeof readSources>>

/** The newest NAV date of all files; null where none has one. */
function newestNavDate({ ranked, daily }: Sources): LocalDate | null {
  const lastDays = [...daily.values()].map(({ days }) => dateOfDayNumber(days[days.length - 1] ?? 0))
  const dates = [...(ranked?.values() ?? [])].map(({ navDate }) => navDate)
  return [...dates, ...lastDays].reduce<LocalDate | null>((a, b) => (a === null || b > a ? b : a), null)
}

const sourcesOf = (cells: Row<ListColumn>['cells'], type: FundType, sources: Sources): FundSources => {
  const code = cells.基金代码
  return {
    code,
    name: cells.基金简称,
    typeText: cells.基金类型,
    type,
    daily: sources.daily.get(code) ?? null,
    jumps: sources.jumps.get(code) ?? noJumps,
    yearly: sources.yearly?.get(code) ?? null,
    ranked: sources.ranked?.get(code) ?? null,
    listed: sources.listed?.get(code) ?? null,
  }
}

/** A row of fund_list as a product, or why it is none. */
function fundOf(cells: Row<ListColumn>['cells'], sources: Sources, knownAt: Instant): Product | Fault {
  const { 基金代码: code, 基金简称: name, 基金类型: typeText } = cells
  const type = fundTypes[typeText]
  if (type === undefined) {
    const want = typeText === '' ? 'a type; a fund without one cannot be rated' : 'one of the 32 types of docs/data.md'
    return { column: '基金类型', got: typeText, want }
  }
  const parsed = Product.safeParse(productInput(sourcesOf(cells, type, sources), knownAt))
  if (parsed.success) {
    const impossible = outOfRange('product', parsed.data, knownAt).find(({ refused }) => refused)
    if (impossible === undefined) return parsed.data
    const { path, want, reason } = impossible
    return { column: '基金代码', got: code, want: `${path.join('.')}: ${want}: ${reason}` }
  }
  const [issue] = parsed.error.issues
  const [column, got] = issue?.path[0] === 'id' ? ['基金代码', code] : ['基金简称', name]
  return { column, got, want: issue?.message ?? 'a valid fund' }
}

async function readFunds(list: Table<ListColumn>, sources: Sources, knownAt: Instant): Promise<Product[]> {
  const products = new Map<string, Product>()
  for await (const rows of list.rows()) {
    for (const row of rows) {
      const fund = fundOf(row.cells, sources, knownAt)
      if ('want' in fund) list.tally.reject(row, fund)
      else if (products.has(fund.id)) {
        list.tally.reject(row, { column: '基金代码', got: fund.id, want: 'each fund once' })
      } else {
        list.tally.accept()
        products.set(fund.id, fund)
        for (const { path, reason } of outOfRange('product', fund, knownAt))
          list.tally.odd(row.line, path.join('.'), reason)
      }
    }
  }
  return [...products.values()]
}

function notesOf({ absent, listed, daily, jumps }: Sources, products: readonly Product[]): string[] {
  const known = new Set<string>(products.map(({ id }) => id))
  const strangers = [...(listed?.keys() ?? [])].filter((code) => !known.has(code)).length
  const left = [...jumps.values()].reduce((count, of) => count + of.size, 0)
  const assumed = products.filter(({ statusSource }) => statusSource === 'assumed').length
  const unknown = products.filter(({ companyId }) => companyId === 'cn-unknown').length
  const byVolatility = products.filter(({ rating }) => rating?.basis === 'volatility').length
  return [
    ...absent.map((file) => `${file}: absent, and so are the facts that it holds`),
    `${byVolatility} of ${products.length} risk levels rest on a volatility, the others on the kind alone`,
    `${assumed} statuses are assumed: open with a NAV, suspended without; target markets are assumed of every fund`,
    `${unknown} funds have no manager that their names tell`,
    `${strangers} exchange-listed funds are not in fund_list and were passed over`,
    `${left} of the daily NAVs' steps (${daily.size} funds) are splits or distributions and no returns`,
  ]
}

/**
 * Chinese public funds: one product a row of fund_list, with the facts that the other files hold of it, all known from
 * the evening of the newest NAV; and the daily NAVs, each known from its own evening. Sources and assumptions:
 * docs/data.md. Throws IngestError: `NO_FILES` without fund_list or any NAV, `BAD_HEADER`, and `REJECTED` where strict.
 */
export async function importCnFunds(options: ImportOptions, sink: Sink): Promise<ImportReport> {
  const tally = startTally(options.strict)
  const list = await openTable(options, 'fund_list.csv', listColumns, tally)
  if (list === null)
    throw new IngestError('NO_FILES', 'fund_list.csv: absent; want it, or fund_list.csv.gz, in the folder')
  const sources = await readSources(options, tally)
  const newest = newestNavDate(sources)
  if (newest === null) {
    throw new IngestError('NO_FILES', 'no NAV date: want fund_rank_all.csv or nav_daily.csv(.gz) in the folder')
  }
  // Files of this very day may be here before the evening.
  const knownAt = Math.min(publishedAt(newest), options.importedAt)
  const products = await readFunds(list, sources, knownAt)
  if (products.length > 0) await sink.products(products, knownAt)
  if (sink.navs !== undefined) await inBatches(navsOf(products, sources.whole, knownAt), sink.navs)
  return {
    source: 'cn-funds',
    files: tally.files(),
    accepted: { investors: 0, products: products.length, events: 0 },
    rejected: tally.rejected(),
    notes: [...notesOf(sources, products), ...tally.odd()],
  }
}
