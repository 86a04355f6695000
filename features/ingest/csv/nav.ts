import { type NavSeries, navFactsAt } from '../../definitions/navFacts.js'
import { type ProductId } from '../../schema/ids.js'
import { Nav } from '../../schema/nav.js'
import { type NavFacts } from '../../schema/product.js'
import { type Known, type NavRecord } from '../../schema/records.js'
import { dateOfDayNumber, dayNumber } from '../../schema/time.js'
import { day, decimal, knownAt, must, words } from './column.js'
import { type CsvFile } from './readCsvFile.js'

/** Known from the midnight (UTC) that ends the day: a NAV is published in its evening. */
export const navFile: CsvFile<Nav> = {
  file: 'nav.csv',
  columns: [
    must('product_id', 'productId', words('an id of products.csv')),
    must('date', 'date', day),
    must('nav', 'nav', decimal('a number above 0, such as 1.2345')),
    knownAt,
  ],
  schema: Nav,
  complete: (input) => input,
  knownAtOf: ({ date }) => (dayNumber(date) + 1) * 86_400_000,
  happenedAt: ({ date }) => dayNumber(date) * 86_400_000,
  outOfRange: () => [],
  keyOf: ({ productId, date }) => `${productId} ${date}`,
  idColumn: 'product_id',
}

/** The NAVs of many products, as numbers: a market has millions of them. */
export type NavShelf = {
  readonly add: (nav: NavRecord) => void
  readonly ids: () => readonly ProductId[]
  readonly of: (id: ProductId) => readonly NavRecord[]
}

export function navShelf(): NavShelf {
  // Of each NAV: from when it was known, its day number, the NAV.
  const numbers = new Map<ProductId, number[]>()
  return {
    add: ({ knownAt, value }) => {
      const ofProduct = numbers.get(value.productId)
      const three = [knownAt, dayNumber(value.date), value.nav] as const
      if (ofProduct === undefined) numbers.set(value.productId, [...three])
      else ofProduct.push(...three)
    },
    ids: () => [...numbers.keys()],
    of: (productId) => {
      const flat = numbers.get(productId) ?? []
      return Array.from({ length: flat.length / 3 }, (_, i) => ({
        knownAt: flat[3 * i] ?? NaN,
        value: {
          productId,
          date: dateOfDayNumber(flat[3 * i + 1] ?? NaN),
          nav: flat[3 * i + 2] ?? NaN,
          isReturn: true,
        },
      }))
    },
  }
}

const monthOf = (dayNumber: number): string => dateOfDayNumber(dayNumber).slice(0, 7)

/**
 * The facts of one product as they became known: at the last NAV of each month and at the newest. Each from NAVs up to
 * its own day alone, and known when the last of them was. Ascending.
 */
export function factsOverTime(navs: readonly NavRecord[]): readonly Known<NavFacts>[] {
  const ordered = navs
    .map(({ knownAt, value }) => ({ knownAt, day: dayNumber(value.date), nav: value.nav }))
    .sort((a, b) => a.day - b.day)
  const series: NavSeries = { days: ordered.map(({ day }) => day), navs: ordered.map(({ nav }) => nav) }
  const facts: Known<NavFacts>[] = []
  let latest = Number.NEGATIVE_INFINITY
  for (const [index, { knownAt, day }] of ordered.entries()) {
    latest = Math.max(latest, knownAt)
    const next = ordered[index + 1]
    if (next === undefined || monthOf(next.day) !== monthOf(day)) {
      facts.push({ knownAt: latest, value: navFactsAt(series, index) })
    }
  }
  return facts
}
