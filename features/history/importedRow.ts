import { createHash } from 'node:crypto'
import { type z } from 'zod'
import { Event } from '../schema/event.js'
import { Investor } from '../schema/investor.js'
import { Nav } from '../schema/nav.js'
import { type EventRecord, type InvestorRecord, type NavRecord } from '../schema/records.js'
import { dateOfDayNumber, formatInstant, Instant } from '../schema/time.js'
import { ExchangeError, recordText } from './exportFile.js'
import { type FileKind } from './manifest.js'

/** Of a row that was exported: the fact, where it came from, and what it is known by; of equal facts one is enough. */
export type ImportedRow<T> = { readonly record: T; readonly source: string; readonly key: string }
export type RecordOf = { investors: InvestorRecord; events: EventRecord; navs: NavRecord }

/** A cell by its column's name. Throws ExchangeError, of that column. */
type Cells = (column: string) => unknown

const refused = (column: string, want: string): ExchangeError => new ExchangeError(`column ${column}: ${want}`)

function checked<T extends z.ZodType>(schema: T, value: unknown, columnOf: (path: string) => string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it is not valid' }
  throw refused(columnOf(path.join('.')), message)
}

function whole(cells: Cells, column: string): number {
  return checked(Instant, cells(column), () => column)
}

function textIn(cells: Cells, column: string): string {
  const value = cells(column)
  if (typeof value === 'string' && value.length > 0) return value
  throw refused(column, 'want text')
}

function objectIn(cells: Cells, column: string): object {
  try {
    const value: unknown = JSON.parse(textIn(cells, column))
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw refused(column, 'want an object in JSON')
}

export const profileKey = (record: InvestorRecord): string =>
  createHash('sha256')
    .update(`${record.knownAt} ${recordText(record)}`)
    .digest('base64url')

export const navKey = ({ knownAt, value }: NavRecord): string =>
  `${value.productId} ${value.date} ${value.nav} ${value.isReturn} ${knownAt}`

/** The columns of an event that its payload does not hold. */
const ofEvent: ReadonlyMap<string, string> = new Map([
  ['eventId', 'event_id'],
  ['investorId', 'investor_id'],
  ['productId', 'product_id'],
  ['occurredAt', 'occurred_at'],
  ['type', 'type'],
  ['propensity', 'propensity'],
])

function profileIn(cells: Cells): ImportedRow<InvestorRecord> {
  const value = checked(Investor, objectIn(cells, 'record'), (path) => `record, ${path}`)
  if (value.id !== cells('id')) throw refused('id', "want the record's")
  const record = { knownAt: whole(cells, 'known_at'), value }
  return { record, source: textIn(cells, 'source'), key: profileKey(record) }
}

function eventIn(cells: Cells): ImportedRow<EventRecord> {
  const type = textIn(cells, 'type')
  const given = {
    ...(cells('payload') === null ? {} : objectIn(cells, 'payload')),
    ...(type === 'exposure' ? { propensity: cells('propensity') } : {}),
    eventId: cells('event_id'),
    investorId: cells('investor_id'),
    type,
    productId: cells('product_id'),
    occurredAt: formatInstant(whole(cells, 'occurred_at')),
  }
  const value = checked(Event, given, (path) => ofEvent.get(path) ?? `payload, ${path}`)
  return { record: { knownAt: whole(cells, 'known_at'), value }, source: textIn(cells, 'source'), key: value.eventId }
}

const flags: ReadonlyMap<unknown, boolean> = new Map([
  [1, true],
  [0, false],
])
const ofNav: ReadonlyMap<string, string> = new Map([
  ['productId', 'product_id'],
  ['isReturn', 'is_return'],
  ['date', 'day'],
])

function navIn(cells: Cells): ImportedRow<NavRecord> {
  const given = {
    productId: cells('product_id'),
    date: dateOfDayNumber(whole(cells, 'day')),
    nav: cells('nav'),
    isReturn: flags.get(cells('is_return')) ?? cells('is_return'),
  }
  const value = checked(Nav, given, (path) => ofNav.get(path) ?? path)
  const record = { knownAt: whole(cells, 'known_at'), value }
  return { record, source: 'import', key: navKey(record) }
}

/** How a row of each kind is read. A fault is thrown as ExchangeError, with its column. */
export const rowIn: { readonly [Kind in FileKind]: (cells: Cells) => ImportedRow<RecordOf[Kind]> } = {
  investors: profileIn,
  events: eventIn,
  navs: navIn,
}
