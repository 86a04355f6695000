import { type Event } from '../schema/event.js'
import { type EventRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { knownBefore } from './asOf.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { wholeRelation } from './tables.js'

export const eventFields =
  'event_id, investor_id, type, product_id, occurred_at::DOUBLE, known_at::DOUBLE, payload, propensity'

/** Rows of the history were checked by the schema before they were appended. */
export const eventOf = (cells: readonly unknown[]): EventRecord => {
  const [eventId, investorId, type, productId, occurredAt, knownAt, payload, propensity] = cells
  const value = {
    eventId,
    investorId,
    type,
    productId,
    occurredAt,
    ...(payload === null ? {} : (JSON.parse(payload as string) as object)),
    ...(type === 'exposure' ? { propensity } : {}),
  } as Event
  return { knownAt: Number(knownAt), value }
}

/** Every event known before an instant, in the order in which they were written. */
export const eventsKnown = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant,
): AsyncIterable<readonly EventRecord[]> {
  const events = database.stream(`SELECT ${eventFields} FROM ${wholeRelation(dir, manifest, 'events')}
    WHERE ${knownBefore(asOf)} ORDER BY seq`)
  for await (const columns of events) {
    const rows = columns[0]?.length ?? 0
    yield Array.from({ length: rows }, (_, row) => eventOf(columns.map((column) => column[row])))
  }
}
