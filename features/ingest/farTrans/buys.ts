import { Event } from '../../schema/event.js'
import { type EventRecord } from '../../schema/records.js'
import { dateOfDayNumber, dayNumber, type LocalDate, type Instant } from '../../schema/time.js'
import { aPastDay, isPastDay } from '../pastDay.js'
import { type ImportOptions } from '../report.js'
import { openTable, type Row, type Table } from '../table.js'
import { type FileTally, type Tally } from '../tally.js'

const dated = { required: ['customerID', 'ISIN', 'date'], optional: [] } as const
const firstSeen = {
  required: ['customerID', 'ISIN', 'first_split_index', 'bought_on_or_after', 'bought_before'],
  optional: [],
} as const
type DatedColumn = (typeof dated.required)[number]
type FirstSeenColumn = (typeof firstSeen.required)[number]

export const openDatedBuys = (options: ImportOptions, tally: Tally): Promise<Table<DatedColumn> | null> =>
  openTable(options, 'buys_dated_2018-01-02_to_2019-07-31.csv', dated, tally)
export const openFirstSeen = (options: ImportOptions, tally: Tally): Promise<Table<FirstSeenColumn> | null> =>
  openTable(options, 'train_first_seen.csv', firstSeen, tally)

export const pairOf = (customerId: string, isin: string): string => `${customerId}.${isin}`

/** A purchase known from the start of its day; ids count the same customer's buys of an asset on one day. */
function purchase(row: Row<'customerID' | 'ISIN'>, day: LocalDate, nth: number, tally: FileTally): EventRecord | null {
  const { customerID, ISIN } = row.cells
  const occurredAt = `${day}T00:00:00Z`
  const parsed = Event.safeParse({
    type: 'purchase',
    eventId: `ft:${pairOf(customerID, ISIN)}.${day}${nth === 1 ? '' : `.${nth}`}`,
    investorId: customerID,
    productId: ISIN,
    occurredAt,
  })
  if (parsed.success) return { knownAt: Date.parse(occurredAt), value: parsed.data }
  tally.reject(row, {
    column: 'customerID',
    got: customerID,
    want: 'an id; together with the ISIN at most 110 characters',
  })
  return null
}

/** Every dated buy, repeats included; adds its pair to `pairs`. */
export async function* readDatedBuys(
  { tally, rows }: Table<DatedColumn>,
  pairs: Set<string>,
  importedAt: Instant,
): AsyncGenerator<readonly EventRecord[]> {
  const timesADay = new Map<string, number>()
  for await (const chunk of rows()) {
    const records: EventRecord[] = []
    for (const row of chunk) {
      const { customerID, ISIN, date } = row.cells
      if (!isPastDay(date, importedAt)) {
        tally.reject(row, { column: 'date', got: date, want: aPastDay })
        continue
      }
      const key = `${pairOf(customerID, ISIN)} ${date}`
      const nth = (timesADay.get(key) ?? 0) + 1
      timesADay.set(key, nth)
      const record = purchase(row, date, nth, tally)
      if (record === null) continue
      pairs.add(pairOf(customerID, ISIN))
      tally.accept()
      records.push(record)
    }
    yield records
  }
}

/**
 * The first buys that `pairs` (the dated ones) does not have, on the last day that they can have happened: the day
 * before `bought_before`, which is their split's time point. So split s, which trains on what was known strictly before
 * its time point, sees the rows of first_split_index ≤ s and none of the others.
 */
export async function* readFirstSeen(
  { tally, rows }: Table<FirstSeenColumn>,
  pairs: ReadonlySet<string>,
  importedAt: Instant,
): AsyncGenerator<readonly EventRecord[]> {
  for await (const chunk of rows()) {
    const records: EventRecord[] = []
    for (const row of chunk) {
      const { customerID, ISIN, bought_on_or_after: from, bought_before: before } = row.cells
      const valid = isPastDay(from, importedAt) && isPastDay(before, importedAt)
      if (!valid || before <= from) {
        tally.reject(row, { column: 'bought_before', got: before, want: `a day after bought_on_or_after; ${aPastDay}` })
        continue
      }
      if (pairs.has(pairOf(customerID, ISIN))) {
        tally.accept()
        continue
      }
      const record = purchase(row, dateOfDayNumber(dayNumber(before) - 1), 1, tally)
      if (record === null) continue
      tally.accept()
      records.push(record)
    }
    yield records
  }
}
