import { literal } from '../../storage/duckdb.js'
import { type InvestorId } from '../schema/ids.js'
import { type Investor } from '../schema/investor.js'
import { type EventRecord, type InvestorRecord } from '../schema/records.js'
import { eventFields, eventOf } from './eventsKnown.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation, wholeRelation } from './tables.js'

/** Where a row came from, and its place in the order of arrival. */
type Origin = { readonly source: string; readonly seq: number }
export type HeldRows = {
  readonly profiles: readonly (InvestorRecord & Origin)[]
  readonly events: readonly (EventRecord & Origin)[]
}

/** Every row of an investor, whenever it was known. */
export const heldOn = async ({ dir, database }: Place, manifest: Manifest, id: InvestorId): Promise<HeldRows> => {
  const [profiles, events] = await Promise.all([
    database.rows(`SELECT source, seq::DOUBLE, record, known_at::DOUBLE FROM ${relation(dir, manifest, 'investors')}
      WHERE id = ${literal(id)} ORDER BY seq`),
    database.rows(`SELECT source, seq::DOUBLE, ${eventFields} FROM ${wholeRelation(dir, manifest, 'events')}
      WHERE investor_id = ${literal(id)} ORDER BY seq`),
  ])
  return {
    profiles: profiles.map(([source, seq, record, knownAt]) => ({
      source: String(source),
      seq: Number(seq),
      knownAt: Number(knownAt),
      value: JSON.parse(String(record)) as Investor,
    })),
    events: events.map(([source, seq, ...cells]) => ({ source: String(source), seq: Number(seq), ...eventOf(cells) })),
  }
}
