import { literal } from '../../storage/duckdb.js'
import { type EventId, type InvestorId } from '../schema/ids.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { cancellations } from './asOf.js'
import { relation } from './tables.js'

/** Ids of the events whose rows are numbered from `sequence` on, in the order of their SHA-256. */
export const eventIdsSince = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  sequence: number,
): AsyncIterable<readonly EventId[]> {
  if (!Number.isSafeInteger(sequence))
    throw new RangeError(`history: got ${sequence} as a sequence, want a whole number`)
  const rows = database.stream(`SELECT event_id FROM ${relation(dir, manifest, 'events')}
    WHERE seq >= ${sequence} ORDER BY sha256(event_id)`)
  for await (const [ids = []] of rows) yield ids as readonly EventId[]
}

export const eventIdsOf = async (
  { dir, database }: Place,
  manifest: Manifest,
  id: InvestorId,
): Promise<readonly EventId[]> => {
  const rows = await database.rows(`SELECT event_id FROM ${relation(dir, manifest, 'events')}
    WHERE investor_id = ${literal(id)}`)
  return rows.map(([eventId]) => eventId as EventId)
}

/** Ids of the events that were told in error, whether they are known or not. */
export const cancelledIds = async ({ dir, database }: Place, manifest: Manifest): Promise<readonly EventId[]> => {
  const rows = await database.rows(
    `SELECT event_id FROM ${cancellations(relation(dir, manifest, 'events'), 'true')} ORDER BY event_id`,
  )
  return rows.map(([eventId]) => eventId as EventId)
}
