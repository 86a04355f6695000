import { type Product } from '../../schema/product.js'
import { type NavRecord } from '../../schema/records.js'
import { dateOfDayNumber, type Instant, type LocalDate } from '../../schema/time.js'
import { jumpsAsTheyCame } from './jumps.js'
import { type DailyNavs } from './navDaily.js'

/** The NAVs of a day are published in its evening: known from 22:00 in Shanghai, 14:00 UTC. */
export const publishedAt = (navDate: LocalDate): Instant => Date.parse(`${navDate}T14:00:00Z`)

/** The NAV of a fund that invests abroad comes so many of its NAV days late: two at most, on working days there and here. */
const daysLate = 2

/** All NAVs of the funds that came in, each known from the evening of its publication, `upTo` at the latest. */
export function* navsOf(
  products: readonly Product[],
  whole: ReadonlyMap<string, DailyNavs>,
  upTo: Instant,
): Generator<readonly NavRecord[]> {
  const jumps = jumpsAsTheyCame(whole)
  for (const { id: productId, crossBorder } of products) {
    const series = whole.get(productId)
    if (series === undefined) continue
    yield Array.from(series.navs, (nav, i) => {
      const day = series.days[i] ?? 0
      const out = series.days[crossBorder ? i + daysLate : i]
      const published = out === undefined ? upTo : publishedAt(dateOfDayNumber(out))
      const isReturn = jumps.get(productId)?.has(i) !== true
      return { knownAt: Math.min(published, upTo), value: { productId, date: dateOfDayNumber(day), nav, isReturn } }
    })
  }
}
