import { standardDeviation, type Volatility } from '../../definitions/navFacts.js'
import { dayNumber, LocalDate } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { openTable } from '../table.js'
import { type Tally } from '../tally.js'

const columns = {
  required: ['year', 'category', 'code', 'name', 'return_pct', 'start_date', 'end_date', 'inception', 'purchase_fee'],
  optional: [],
} as const

/** What the yearly rows of a fund say. */
export type YearlyFacts = {
  readonly volatility: Volatility | null
  readonly purchaseBps: number | null
  readonly inceptionDate: LocalDate | null
}

type Year = { readonly days: number; readonly growth: number }
type Gathered = {
  years: Map<string, Year>
  feeYear: string
  purchaseBps: number | null
  inceptionDate: LocalDate | null
}

const shortestDays = 180
const longestDays = 400
const leastYears = 3

/** `2018/4/2` and `2018-04-02`. */
function dateOf(text: string): LocalDate | null {
  const [year = '', month = '', day = ''] = text.split(/[/-]/)
  const parsed = LocalDate.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  return parsed.success ? parsed.data : null
}

const percentBps = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text)
  return match?.[1] === undefined ? null : Math.round(Number(match[1]) * 100)
}

/**
 * Standard deviation of at least three yearly returns of 180 to 400 days each, every return brought to a year by the
 * square root of time; null where there are fewer, or where all are alike, which is a hole filled with zeroes. A coarse figure: of three returns its own error is about 40 %.
 */
export function volatilityOfYears(years: readonly Year[]): Volatility | null {
  const usable = years.filter(({ days }) => days >= shortestDays && days <= longestDays)
  if (usable.length < leastYears) return null
  const deviation = standardDeviation(usable.map(({ days, growth }) => growth * Math.sqrt(365 / days)))
  const volatilityBps = Math.round(deviation * 10_000)
  return volatilityBps === 0 ? null : { volatilityBps, observations: usable.length }
}

const factsOf = ({ years, purchaseBps, inceptionDate }: Gathered): YearlyFacts => ({
  volatility: volatilityOfYears([...years.values()]),
  purchaseBps,
  inceptionDate,
})

const wantedDate = 'a day such as 2026-05-08 or 2026/5/8'

/**
 * annual_returns_2016_2021. A fund stands in several categories: of each year its first row with a return counts. A
 * row without a return is accepted and says nothing. The purchase fee is the newest stated.
 */
export async function readAnnualReturns(
  options: ImportOptions,
  tally: Tally,
): Promise<ReadonlyMap<string, YearlyFacts> | null> {
  const table = await openTable(options, 'annual_returns_2016_2021.csv', columns, tally)
  if (table === null) return null
  const funds = new Map<string, Gathered>()
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const { code, year, return_pct: percent, purchase_fee: fee } = row.cells
      const gathered = funds.get(code) ?? { years: new Map(), feeYear: '', purchaseBps: null, inceptionDate: null }
      const [start, end] = [dateOf(row.cells.start_date), dateOf(row.cells.end_date)]
      const growth = percent === '' ? null : Number(percent) / 100
      if (growth !== null && !(growth >= -1 && growth < 100)) {
        table.tally.reject(row, { column: 'return_pct', got: percent, want: 'a number of percent, -100 or more' })
        continue
      }
      if (growth !== null && (start === null || end === null)) {
        const column = start === null ? 'start_date' : 'end_date'
        table.tally.reject(row, { column, got: row.cells[column], want: wantedDate })
        continue
      }
      funds.set(code, gathered)
      table.tally.accept()
      gathered.inceptionDate ??= dateOf(row.cells.inception)
      if (fee !== '' && year > gathered.feeYear) {
        gathered.purchaseBps = percentBps(fee)
        gathered.feeYear = year
      }
      if (growth !== null && start !== null && end !== null && !gathered.years.has(year)) {
        gathered.years.set(year, { days: dayNumber(end) - dayNumber(start), growth })
      }
    }
  }
  return new Map([...funds].map(([code, gathered]) => [code, factsOf(gathered)]))
}
