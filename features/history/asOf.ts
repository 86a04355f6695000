import { type Columns, literal } from '../../storage/duckdb.js'
import { foldEvents } from '../definitions/behaviour.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades, type TradeEvent } from '../definitions/holdings.js'
import { type Size } from '../schema/holdings.js'
import { type InvestorId } from '../schema/ids.js'
import { type Investor } from '../schema/investor.js'
import { type InvestorAccount, type InvestorRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation } from './tables.js'

/** The condition "known strictly before". */
export const knownBefore = (asOf: Instant | null): string => {
  if (asOf === null) return 'true'
  if (!Number.isSafeInteger(asOf)) throw new RangeError(`history: got ${asOf} as an instant, want whole ms UTC`)
  return `known_at < ${asOf}`
}

/** The condition that an event can count into behaviour or trades: it only spares reading the others. */
export const countable = "product_id IS NOT NULL AND type NOT IN ('exposure', 'cancellation')"

/** Cancellations as rows of whose event, which one and from when; of one event the first counts. */
export const cancellations = (events: string, where: string): string =>
  `(SELECT investor_id, json_extract_string(payload, '$.cancels') AS event_id, min(known_at) AS cancelled_at
    FROM ${events} WHERE type = 'cancellation' AND ${where} GROUP BY ALL)`

/** The events that count of those known: as a relation, without what was cancelled by then. */
const countedEvents = (events: string, where: string): string =>
  `(SELECT * FROM ${events} WHERE ${countable} AND ${where})
    ANTI JOIN ${cancellations(events, where)} USING (investor_id, event_id)`

/** What the folds read of an event's row; the payload of trades and plans alone. */
export const folded = `type, product_id, occurred_at::DOUBLE,
  CASE WHEN type IN ('purchase', 'redemption', 'recurring-plan') THEN payload END`

// Rows of the history were checked by the schema before they were appended. Old payloads lack what was added since.
export const asEvent = (type: unknown, productId: unknown, occurredAt: unknown, payload: unknown): TradeEvent => {
  const event = { type, productId, occurredAt } as TradeEvent
  if (typeof payload !== 'string') return event
  const { amount, unitsMicros, action } = JSON.parse(payload) as Partial<Size> & Pick<TradeEvent, 'action'>
  return { ...event, amount: amount ?? null, unitsMicros: unitsMicros ?? null, ...(action && { action }) }
}

const account = (record: unknown, knownAt: unknown, events: readonly TradeEvent[]): InvestorAccount => ({
  profile: JSON.parse(String(record)) as Investor,
  knownAt: Number(knownAt),
  behaviour: foldEvents(events),
  trades: foldTrades(events),
  daily: foldDaily(events),
})

/** One investor as of an instant; null where no profile was known. */
export const accountAsOf = async (
  { dir, database }: Place,
  manifest: Manifest,
  id: InvestorId,
  asOf: Instant,
): Promise<InvestorAccount | null> => {
  const known = knownBefore(asOf)
  const [profiles, events] = await Promise.all([
    database.rows(`SELECT record, known_at::DOUBLE FROM ${relation(dir, manifest, 'investors')}
      WHERE id = ${literal(id)} AND ${known} ORDER BY known_at DESC, seq DESC LIMIT 1`),
    database.rows(`SELECT ${folded}
      FROM ${countedEvents(relation(dir, manifest, 'events'), `investor_id = ${literal(id)} AND ${known}`)}`),
  ])
  const newest = profiles[0]
  if (newest === undefined) return null
  return account(
    newest[0],
    newest[1],
    events.map(([type, productId, occurredAt, payload]) => asEvent(type, productId, occurredAt, payload)),
  )
}

/** Events that come ordered by investor, taken investor by investor: `take(id)` skips those of smaller ids. */
const eventsByInvestor = (chunks: AsyncIterable<Columns>) => {
  const source = chunks[Symbol.asyncIterator]()
  let columns: Columns = [[], [], [], [], []]
  let row = 0

  const fill = async (): Promise<boolean> => {
    while (row >= (columns[0]?.length ?? 0)) {
      const next = await source.next()
      if (next.done === true) return false
      columns = next.value
      row = 0
    }
    return true
  }

  const take = async (id: string): Promise<TradeEvent[]> => {
    const taken: TradeEvent[] = []
    while (await fill()) {
      const owner = String(columns[0]?.[row])
      if (owner > id) break
      if (owner === id) taken.push(asEvent(columns[1]?.[row], columns[2]?.[row], columns[3]?.[row], columns[4]?.[row]))
      row += 1
    }
    return taken
  }

  return { take, close: async () => void (await source.return?.()) }
}

/** Everyone as of an instant: both kinds of file are read once, ordered by investor, and merged. */
export const snapshotsAsOf = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant | null,
): AsyncIterable<readonly InvestorAccount[]> {
  const known = knownBefore(asOf)
  const profiles = database.stream(`SELECT id, record, known_at::DOUBLE FROM ${relation(dir, manifest, 'investors')}
    WHERE ${known} QUALIFY row_number() OVER (PARTITION BY id ORDER BY known_at DESC, seq DESC) = 1 ORDER BY id`)
  const events = eventsByInvestor(
    database.stream(`SELECT investor_id, ${folded}
      FROM ${countedEvents(relation(dir, manifest, 'events'), known)} ORDER BY investor_id`),
  )
  try {
    for await (const [ids = [], records = [], instants = []] of profiles) {
      const batch: InvestorAccount[] = []
      for (const [n, id] of ids.entries()) batch.push(account(records[n], instants[n], await events.take(String(id))))
      yield batch
    }
  } finally {
    await events.close()
  }
}

/** Every revision of every profile known before an instant: by id, then as they became known, then as written. */
export const profilesKnown = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant,
): AsyncIterable<readonly InvestorRecord[]> {
  const profiles = database.stream(`SELECT record, known_at::DOUBLE FROM ${relation(dir, manifest, 'investors')}
    WHERE ${knownBefore(asOf)} ORDER BY id, known_at, seq`)
  for await (const [records = [], instants = []] of profiles)
    yield records.map((record, n) => ({
      knownAt: Number(instants[n]),
      value: JSON.parse(String(record)) as Investor,
    }))
}
