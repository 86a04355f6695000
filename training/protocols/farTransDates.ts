import { join } from 'node:path'
import { readColumnsIfAny } from './table.js'

/** Days for which a pair was held at a time point (YYYY-MM-DD, later than its purchase); null where nothing tells. */
export type AgeAt = (customer: string, isin: string, timePoint: string) => number | null

/** A day between which and the next but one something was bought: days since 1970, `before` is not among them. */
type Bounds = { readonly from: number; readonly before: number }

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000
const keyOf = (customer: string, isin: string): string => `${customer} ${isin}`

/**
 * When pairs were first bought: to the day where the file of dated buys has them, else within the two days that the list of first
 * purchases gives, of which the middle is taken, but nothing at or after the time point. A directory without
 * such columns has no ages.
 */
export async function readAges(dir: string): Promise<AgeAt> {
  const bounds = await readBounds(join(dir, 'train_first_seen.csv.gz'))
  const exact = await readFirstBuys(dir)
  return (customer, isin, timePoint) => {
    const key = keyOf(customer, isin)
    const { from, before } = exact.get(key) ?? bounds.get(key) ?? { from: Number.NaN, before: Number.NaN }
    const now = dayOf(timePoint)
    return from < now ? now - (from + Math.min(before, now)) / 2 : null
  }
}

async function readBounds(path: string): Promise<Map<string, Bounds>> {
  const columns = ['customerID', 'ISIN', 'bought_on_or_after', 'bought_before']
  const rows = (await readColumnsIfAny(path, columns)) ?? []
  return new Map(
    rows.map(([customer = '', isin = '', from = '', before = '']) => [
      keyOf(customer, isin),
      { from: dayOf(from), before: dayOf(before) },
    ]),
  )
}

/** First buys of the dated file, whose name holds its dates. */
async function readFirstBuys(dir: string): Promise<Map<string, Bounds>> {
  const first = new Map<string, Bounds>()
  const path = join(dir, 'buys_dated_2018-01-02_to_2019-07-31.csv.gz')
  for (const [customer = '', isin = '', date = ''] of (await readColumnsIfAny(path, ['customerID', 'ISIN', 'date'])) ??
    []) {
    const from = dayOf(date)
    const key = keyOf(customer, isin)
    if (from < (first.get(key)?.from ?? Infinity)) first.set(key, { from, before: from + 1 })
  }
  return first
}
