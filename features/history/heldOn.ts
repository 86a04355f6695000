import { type Columns, literal } from '../../storage/duckdb.js'
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

const profileOf = ([source, seq, record, knownAt]: readonly unknown[]): HeldRows['profiles'][number] => ({
  source: String(source),
  seq: Number(seq),
  knownAt: Number(knownAt),
  value: JSON.parse(String(record)) as Investor,
})
const heldEventOf = ([source, seq, ...cells]: readonly unknown[]): HeldRows['events'][number] => ({
  source: String(source),
  seq: Number(seq),
  ...eventOf(cells),
})
const profileFields = 'source, seq::DOUBLE, record, known_at::DOUBLE'
const heldEventFields = `source, seq::DOUBLE, ${eventFields}`

/** Every row of an investor, whenever it was known. */
export const heldOn = async ({ dir, database }: Place, manifest: Manifest, id: InvestorId): Promise<HeldRows> => {
  const [profiles, events] = await Promise.all([
    database.rows(`SELECT ${profileFields} FROM ${relation(dir, manifest, 'investors')}
      WHERE id = ${literal(id)} ORDER BY seq`),
    database.rows(`SELECT ${heldEventFields} FROM ${wholeRelation(dir, manifest, 'events')}
      WHERE investor_id = ${literal(id)} ORDER BY seq`),
  ])
  return { profiles: profiles.map(profileOf), events: events.map(heldEventOf) }
}

const rowsOf = (columns: Columns): readonly (readonly unknown[])[] =>
  Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((column) => column[row]))

/** Every row of everybody: profiles, then events, each in the order of their arrival, some thousands at a time. */
export const held = async function* ({ dir, database }: Place, manifest: Manifest): AsyncIterable<HeldRows> {
  const profiles = `SELECT ${profileFields} FROM ${relation(dir, manifest, 'investors')} ORDER BY seq`
  for await (const columns of database.stream(profiles)) yield { profiles: rowsOf(columns).map(profileOf), events: [] }
  const events = `SELECT ${heldEventFields} FROM ${wholeRelation(dir, manifest, 'events')} ORDER BY seq`
  for await (const columns of database.stream(events)) yield { profiles: [], events: rowsOf(columns).map(heldEventOf) }
}
