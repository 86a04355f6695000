import { indexAt, type NavSeries } from '../../definitions/navFacts.js'
import { dayNumber, LocalDate } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { openTable } from '../table.js'
import { type Tally } from '../tally.js'

/** Facts look back three years, and a NAV may stand for the first of them over a holiday. */
const keptDays = 3 * 366 + 35

/** The unit NAVs of a fund, days ascending: 12 bytes a NAV. */
export type DailyNavs = { readonly days: Int32Array; readonly navs: Float64Array }

class Growing {
  readonly days: number[] = []
  readonly navs: number[] = []

  packed(): DailyNavs {
    return { days: Int32Array.from(this.days), navs: Float64Array.from(this.navs) }
  }
}

/** What the facts of a series' newest NAV look back on. */
export function recentNavs({ days, navs }: DailyNavs): NavSeries {
  const from = indexAt({ days, navs }, (days.at(-1) ?? 0) - keptDays - 1) + 1
  return { days: days.subarray(from), navs: navs.subarray(from) }
}

/** nav_daily: all NAVs of each fund. A fund's rows must stand together. */
export async function readDailyNavs(
  options: ImportOptions,
  tally: Tally,
): Promise<ReadonlyMap<string, DailyNavs> | null> {
  const table = await openTable(options, 'nav_daily.csv', { required: ['code', 'date', 'nav'], optional: [] }, tally)
  if (table === null) return null
  const series = new Map<string, DailyNavs>()
  const dayOf = memoisedDay()
  let code = ''
  let growing = new Growing()
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const { cells } = row
      if (cells.code !== code) {
        if (code !== '') series.set(code, growing.packed())
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
  if (code !== '' && !series.has(code)) series.set(code, growing.packed())
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
