import { type NavSeries } from '../../definitions/navFacts.js'
import { dayNumber, LocalDate } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { openTable } from '../table.js'
import { type Tally } from '../tally.js'

/** Facts look back three years, and a NAV may stand for the first of them over a holiday. */
const keptDays = 3 * 366 + 35

class Growing {
  readonly days: number[] = []
  readonly navs: number[] = []

  /** Copies the last `keptDays` into typed arrays: 12 bytes a NAV. */
  kept(): NavSeries {
    const first = (this.days.at(-1) ?? 0) - keptDays
    const from = this.days.findIndex((day) => day >= first)
    return { days: Int32Array.from(this.days.slice(from)), navs: Float64Array.from(this.navs.slice(from)) }
  }
}

/** nav_daily: the unit NAVs of each fund's last three years, days ascending. A fund's rows must stand together. */
export async function readDailyNavs(
  options: ImportOptions,
  tally: Tally,
): Promise<ReadonlyMap<string, NavSeries> | null> {
  const table = await openTable(options, 'nav_daily.csv', { required: ['code', 'date', 'nav'], optional: [] }, tally)
  if (table === null) return null
  const series = new Map<string, NavSeries>()
  const dayOf = memoisedDay()
  let code = ''
  let growing = new Growing()
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const { cells } = row
      if (cells.code !== code) {
        if (code !== '') series.set(code, growing.kept())
        code = cells.code
        growing = new Growing()
      }
      const day = dayOf(cells.date)
      const nav = Number(cells.nav)
      if (day === null) table.tally.reject(row, { column: 'date', got: cells.date, want: 'a day such as 2026-05-08' })
      else if (!(nav > 0 && nav < 1e9))
        table.tally.reject(row, { column: 'nav', got: cells.nav, want: 'a number above 0' })
      else if (day <= (growing.days.at(-1) ?? -Infinity) || series.has(code)) {
        table.tally.reject(row, {
          column: 'date',
          got: cells.date,
          want: 'days ascending, and all rows of a fund together',
        })
      } else {
        growing.days.push(day)
        growing.navs.push(nav)
        table.tally.accept()
      }
    }
  }
  if (code !== '' && !series.has(code)) series.set(code, growing.kept())
  return new Map([...series].filter(([, { days }]) => days.length > 0))
}

/** A million rows share a few thousand days. */
function memoisedDay(): (text: string) => number | null {
  const known = new Map<string, number | null>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const day = LocalDate.safeParse(text).success ? dayNumber(text) : null
    known.set(text, day)
    return day
  }
}
