import { LocalDate } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { openTable } from '../table.js'
import { type Tally } from '../tally.js'

const changes = [
  'day_change',
  'week_change',
  'month_change',
  'three_month_change',
  'six_month_change',
  'year_change',
] as const
const columns = { required: ['code', 'name', 'nav_date', 'nav', 'acc_nav', ...changes], optional: [] } as const

/** NAV and changes of a fund as of `navDate`, distributions reinvested (the file's changes follow the total return). */
export type RankedFund = {
  readonly navDate: LocalDate
  readonly navMicros: number
  readonly return1mBps: number | null
  readonly return3mBps: number | null
  readonly return6mBps: number | null
  readonly return12mBps: number | null
}

const percent = (text: string): number | null => (text === '' ? null : Math.round(Number(text) * 100))

/** fund_rank_all: one row a fund. */
export async function readRank(options: ImportOptions, tally: Tally): Promise<ReadonlyMap<string, RankedFund> | null> {
  const table = await openTable(options, 'fund_rank_all.csv', columns, tally)
  if (table === null) return null
  const funds = new Map<string, RankedFund>()
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const { cells } = row
      const nav = Number(cells.nav)
      const broken = changes.find((column) => !Number.isFinite(Number(cells[column])))
      if (!LocalDate.safeParse(cells.nav_date).success) {
        table.tally.reject(row, { column: 'nav_date', got: cells.nav_date, want: 'a day such as 2026-05-08' })
      } else if (!(nav > 0 && nav < 1e9)) {
        table.tally.reject(row, { column: 'nav', got: cells.nav, want: 'a number above 0' })
      } else if (broken !== undefined) {
        table.tally.reject(row, { column: broken, got: cells[broken], want: 'a number of percent, or nothing' })
      } else if (funds.has(cells.code)) {
        table.tally.reject(row, { column: 'code', got: cells.code, want: 'each fund once' })
      } else {
        table.tally.accept()
        funds.set(cells.code, {
          navDate: cells.nav_date,
          navMicros: Math.round(nav * 1_000_000),
          return1mBps: percent(cells.month_change),
          return3mBps: percent(cells.three_month_change),
          return6mBps: percent(cells.six_month_change),
          return12mBps: percent(cells.year_change),
        })
      }
    }
  }
  return funds
}
