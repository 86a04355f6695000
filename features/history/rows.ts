import { randomBytes } from 'node:crypto'
import { type DuckDb, literal } from '../../storage/duckdb.js'
import { foldEvents } from '../definitions/behaviour.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades, type TradeEvent } from '../definitions/holdings.js'
import { type TraitsAt } from '../definitions/traits.js'
import { storedVector } from '../definitions/vectors.js'
import { noBehaviour } from '../schema/behaviour.js'
import { noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId } from '../schema/ids.js'
import { type Investor } from '../schema/investor.js'
import { type InvestorAccount, type InvestorRecord } from '../schema/records.js'
import { asEvent, cancellations, countable, folded, knownBefore } from './asOf.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { type Pairs, type Rows } from './port.js'
import { relation } from './tables.js'

/** About so many events are read, sorted and folded at a time: what bounds the memory, whatever the history's size. */
const eventsOfSlice = 200_000
const fewestInvestors = 500

/** Pairs of some investors that are neighbours by id, each investor's by instant. */
type Slice = { readonly ids: readonly InvestorId[]; readonly pairs: readonly (readonly number[])[] }

type KnownEvent = { readonly event: TradeEvent; readonly knownAt: number; readonly cancelledAt: number }
type Known = { readonly profiles: InvestorRecord[]; readonly events: KnownEvent[]; cancelled: boolean }

/** Pairs ordered by investor id and instant, cut where about `eventsOfSlice` events have been gathered. */
function* slicesOf({ investorIds, investor, at }: Pairs, eventsOfInvestor: number): Generator<Slice> {
  const wanted = new Map<InvestorId, number[]>()
  for (const [pair, index] of investor.entries()) {
    const id = investorIds[index]
    if (id === undefined) throw new RangeError(`rows: pair ${pair} names investor ${index} of ${investorIds.length}`)
    const ofInvestor = wanted.get(id)
    if (ofInvestor === undefined) wanted.set(id, [pair])
    else ofInvestor.push(pair)
  }
  const ids = [...wanted.keys()].sort()
  const size = Math.max(fewestInvestors, Math.floor(eventsOfSlice / Math.max(1, eventsOfInvestor)))
  for (let begin = 0; begin < ids.length; begin += size) {
    const some = ids.slice(begin, begin + size)
    const pairs = some.map((id) => (wanted.get(id) ?? []).sort((a, b) => Number(at[a]) - Number(at[b])))
    yield { ids: some, pairs }
  }
}

/** A table of the wanted ids with their places, for as long as `work` reads by it. */
async function withWanted<T>(
  database: DuckDb,
  ids: readonly InvestorId[],
  work: (table: string) => Promise<T>,
): Promise<T> {
  const table = `wanted_${randomBytes(6).toString('hex')}`
  await database.run(`CREATE TABLE ${table} (id VARCHAR, n BIGINT)`)
  try {
    await database.append(
      table,
      ids.map((id, n) => [id, n]),
    )
    return await work(table)
  } finally {
    await database.run(`DROP TABLE ${table}`)
  }
}

/** Everything of a slice's investors that was known before the last of its instants, by investor. */
async function readSlice(
  place: Place,
  manifest: Manifest,
  { ids }: Slice,
  { before, opened }: { before: number; opened: (stored: Investor) => Investor },
): Promise<readonly Known[]> {
  const { dir, database } = place
  const known = ids.map((): Known => ({ profiles: [], events: [], cancelled: false }))
  const range = `BETWEEN ${literal(ids[0] ?? '')} AND ${literal(ids.at(-1) ?? '')} AND ${knownBefore(before)}`
  await withWanted(database, ids, (table) =>
    Promise.all([
      profilesIn(database, relation(dir, manifest, 'investors'), table, `p.id ${range}`, (n, { knownAt, value }) =>
        known[n]?.profiles.push({ knownAt, value: opened(value) }),
      ),
      eventsIn(database, relation(dir, manifest, 'events'), table, `investor_id ${range}`, (n, event) => {
        const of = known[n]
        if (of === undefined) return
        of.events.push(event)
        of.cancelled ||= event.cancelledAt < Infinity
      }),
    ]),
  )
  return known
}

async function profilesIn(
  database: DuckDb,
  profiles: string,
  table: string,
  where: string,
  found: (n: number, profile: InvestorRecord) => void,
): Promise<void> {
  const rows = database.stream(`SELECT n::INTEGER, record, known_at::DOUBLE
    FROM ${profiles} AS p JOIN ${table} AS w ON p.id = w.id WHERE ${where} ORDER BY n, known_at, seq`)
  for await (const [owners = [], records = [], instants = []] of rows)
    for (const [row, owner] of owners.entries())
      found(Number(owner), {
        knownAt: Number(instants[row]),
        value: JSON.parse(String(records[row])) as Investor,
      })
}

async function eventsIn(
  database: DuckDb,
  events: string,
  table: string,
  where: string,
  found: (n: number, event: KnownEvent) => void,
): Promise<void> {
  const rows = database.stream(`SELECT n::INTEGER, known_at::DOUBLE, cancelled_at::DOUBLE, ${folded}
    FROM (SELECT * FROM ${events} WHERE ${countable} AND ${where}) AS e JOIN ${table} AS w ON e.investor_id = w.id
    LEFT JOIN ${cancellations(events, where)} USING (investor_id, event_id) ORDER BY n, known_at`)
  for await (const [owners = [], instants = [], cancels = [], ...columns] of rows)
    for (const [row, owner] of owners.entries()) {
      const [types = [], products = [], occurred = [], payloads = []] = columns
      found(Number(owner), {
        event: asEvent(types[row], products[row], occurred[row], payloads[row]),
        knownAt: Number(instants[row]),
        cancelledAt: cancels[row] === null ? Infinity : Number(cancels[row]),
      })
    }
}

/** The investor at each of ascending instants, by folding on; from the beginning where something was taken back. */
function* accountsAt(
  { profiles, events, cancelled }: Known,
  instants: Iterable<number>,
): Generator<InvestorAccount | null> {
  let [behaviour, trades, daily] = [noBehaviour, noTrades, noDaily]
  let [folds, revision] = [0, 0]
  for (const at of instants) {
    if (cancelled) [behaviour, trades, daily, folds] = [noBehaviour, noTrades, noDaily, 0]
    const fresh: TradeEvent[] = []
    for (let next = events[folds]; next !== undefined && next.knownAt < at; next = events[(folds += 1)])
      if (!(next.cancelledAt < at)) fresh.push(next.event)
    behaviour = foldEvents(fresh, behaviour)
    trades = foldTrades(fresh, trades)
    daily = foldDaily(fresh, daily)
    while ((profiles[revision]?.knownAt ?? Infinity) < at) revision += 1
    const profile = profiles[revision - 1]
    yield profile === undefined ? null : { profile: profile.value, knownAt: profile.knownAt, behaviour, trades, daily }
  }
}

/** The rows of a slice, pair by pair. */
function rowsOf({ pairs }: Slice, at: Pairs['at'], known: readonly Known[], traitsAt: TraitsAt): Rows {
  const width = storedFeatures.length
  const pair = Int32Array.from(pairs.flat())
  const values = new Float32Array(pair.length * width)
  const isKnown = new Uint8Array(pair.length)
  let row = 0
  for (const [n, ofInvestor] of pairs.entries()) {
    const instants = ofInvestor.map((one) => Number(at[one]))
    const all = known[n]
    if (all === undefined) throw new RangeError('rows: an investor was read without his facts')
    let place = 0
    for (const account of accountsAt(all, instants)) {
      const instant = Number(instants[place++])
      if (account === null) values.fill(Number.NaN, row * width, (row + 1) * width)
      else {
        values.set(storedVector(account, instant, traitsAt(instant)), row * width)
        isKnown[row] = 1
      }
      row += 1
    }
  }
  return { pair, values, isKnown }
}

const eventsEach = async (database: DuckDb, dir: string, manifest: Manifest): Promise<number> => {
  const [found] = await database.rows(
    `SELECT approx_count_distinct(investor_id)::DOUBLE FROM ${relation(dir, manifest, 'events')}`,
  )
  const events = manifest.files.filter(({ kind }) => kind === 'events').reduce((sum, { rows }) => sum + rows, 0)
  return events / Math.max(1, Number(found?.[0]))
}

/**
 * The stored features of pairs, as of strictly before each one's instant. Files are sorted by investor, so a slice reads
 * the row groups of its investors alone; the next slice is read while one is folded.
 */
export const rowsKnown = async function* (
  place: Place,
  manifest: Manifest,
  pairs: Pairs,
  traitsAt: TraitsAt,
  opened: (stored: Investor) => Investor = (stored) => stored,
): AsyncIterable<Rows> {
  if (pairs.investor.length !== pairs.at.length)
    throw new RangeError(`rows: ${pairs.investor.length} investors and ${pairs.at.length} instants; want pairs`)
  const begin = (slice: Slice) => {
    const last = slice.pairs.reduce(
      (most, ofInvestor) => Math.max(most, Number(pairs.at[ofInvestor.at(-1) ?? -1])),
      -Infinity,
    )
    const known = readSlice(place, manifest, slice, { before: last, opened })
    // It is awaited a turn later; until then a failure is nobody's.
    known.catch(() => undefined)
    return { slice, known }
  }
  let ahead: ReturnType<typeof begin> | null = null
  for (const slice of slicesOf(pairs, await eventsEach(place.database, place.dir, manifest))) {
    const next = begin(slice)
    if (ahead !== null) yield rowsOf(ahead.slice, pairs.at, await ahead.known, traitsAt)
    ahead = next
  }
  if (ahead !== null) yield rowsOf(ahead.slice, pairs.at, await ahead.known, traitsAt)
}
