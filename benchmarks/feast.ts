import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { randomFor } from '../features/definitions/random.js'
import { traitsIn } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { openHistory } from '../features/history/history.js'
import { type History, type Pairs, type Rows } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Cell, type DuckDb, literal, openDuckDb } from '../storage/duckdb.js'
import { type FeatureMarket } from './featureMarket.js'
import { type RedisServer } from './redisServer.js'
import { rounded } from './suite.js'

export type FeastSize = { readonly reads: number; readonly historyInvestors: number; readonly pairs: number }

/** A Python that has Feast (feast[duckdb,redis] of PyPI); null where the environment names none. */
export const feastPython = (): string | null => process.env['APTUS_FEAST_PYTHON'] ?? null

const width = storedFeatures.length
const scripts = join('benchmarks', 'feast')

/** What a script says last, as JSON; it rejects with all that the script said where it fails. */
async function asked<T>(python: string, script: string, ...given: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(python, [join(scripts, script), ...given], {
    env: { ...process.env, FEAST_USAGE: 'False' },
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T
}

const timestamp = (column: string): string => `to_timestamp(${column} / 1000.0) AS event_timestamp`

/** Writes (investor, instant, features) as Feast reads them. */
async function writeRows(database: DuckDb, path: string, rows: Iterable<readonly Cell[]>): Promise<void> {
  const names = storedFeatures.map(({ name }) => name)
  await database.run(
    `CREATE OR REPLACE TABLE rows (investor_id VARCHAR, ms BIGINT, ${names.map((name) => `${name} DOUBLE`).join(', ')})`,
  )
  await database.append('rows', rows)
  await database.run(`COPY (SELECT investor_id, ${timestamp('ms')}, ${names.map((name) => `${name}::FLOAT AS ${name}`).join(', ')}
    FROM rows) TO ${literal(path)} (FORMAT parquet)`)
}

const cells = (id: InvestorId, at: number, vector: Float32Array): Cell[] => [
  id,
  at,
  ...Array.from(vector, (real) => (Number.isNaN(real) ? null : { real })),
]

type Online = {
  readonly cpuSeconds: number
  readonly first: Readonly<Record<string, number | string | null>>
}

/**
 * `get_online_features` of all stored features of one investor, from SQLite and from Redis; `ours`: CPU seconds of a read
 * of ours beside each.
 */
export async function feastOnline(
  python: string,
  dir: string,
  {
    market: { accounts, catalogue, at },
    server,
    reads,
    ours,
  }: { market: FeatureMarket; server: RedisServer | null; reads: number; readonly ours: ReadonlyMap<string, number> },
): Promise<readonly object[]> {
  const [database, parquet] = [await openDuckDb(join(dir, 'spill')), join(dir, 'vectors.parquet')]
  const vectors = accounts.map((account) => storedVector(account, at, traitsIn(catalogue)))
  await writeRows(
    database,
    parquet,
    accounts.map(({ profile }, n) => cells(profile.id, at, vectors[n] ?? new Float32Array(width))),
  )
  await database.close()
  const stores = { SQLite: 'sqlite', ...(server === null ? {} : { Redis: `127.0.0.1:${server.port}` }) }
  const rows: object[] = []
  for (const [store, where] of Object.entries(stores)) {
    const answer = await asked<Online>(python, 'online.py', join(dir, `online-${store}`), parquet, where, `${reads}`)
    for (const [column, { name }] of storedFeatures.entries())
      if (!Object.is(answer.first[name] ?? Number.NaN, vectors[0]?.[column]))
        throw new Error(`Feast, ${store}: ${name} is ${answer.first[name]}, and it was ${vectors[0]?.[column]}`)
    const own = ours.get(store) ?? Number.NaN
    rows.push({
      read: `Feast, ${store}: get_online_features`,
      'at once': 1,
      'CPU µs': rounded(answer.cpuSeconds * 1e6),
      'CPU ratio to ours': rounded(answer.cpuSeconds / own),
    })
  }
  return rows
}

const pairsOf = (
  investorIds: readonly InvestorId[],
  chosen: readonly (readonly [investor: number, at: number])[],
): Pairs => ({
  investorIds,
  investor: Int32Array.from(chosen, ([investor]) => investor),
  at: Float64Array.from(chosen, ([, at]) => at),
})

async function timedRows(
  history: History,
  { catalogue }: FeatureMarket,
  pairs: Pairs,
  use: (rows: Rows) => void,
): Promise<number> {
  const before = process.cpuUsage()
  for await (const rows of history.rows(pairs, () => traitsIn(catalogue))) use(rows)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * `get_historical_features`, which joins rows that were made beforehand, one after each fact, with pairs; beside
 * `history.rows`, which folds the same pairs' rows from the facts themselves.
 */
export async function feastHistorical(
  python: string,
  dir: string,
  market: FeatureMarket,
  size: FeastSize,
): Promise<readonly object[]> {
  const ids = market.accounts.slice(0, size.historyInvestors).map(({ profile }) => profile.id)
  const place = new Map(ids.map((id, n) => [id, n]))
  const profiles = market.profiles.filter(({ value }) => place.has(value.id))
  const events = market.events.filter(({ value }) => place.has(value.investorId) && value.type !== 'exposure')
  const history = await openHistory(join(dir, 'history'))
  const database = await openDuckDb(join(dir, 'spill'))
  try {
    const batch = await history.begin('benchmark')
    await batch.investors(profiles)
    await batch.events(events)
    await batch.commit()
    const changes = new Set<string>()
    for (const { knownAt, value } of profiles) changes.add(`${place.get(value.id)} ${knownAt + 1}`)
    for (const { knownAt, value } of events) changes.add(`${place.get(value.investorId)} ${knownAt + 1}`)
    const after = pairsOf(
      ids,
      Array.from(changes, (text) => text.split(' ').map(Number) as [number, number]),
    )
    const table: Cell[][] = []
    const making = await timedRows(history, market, after, ({ pair, values, isKnown }) => {
      for (const [row, n] of pair.entries())
        if (isKnown[row] === 1)
          table.push(
            cells(
              ids[after.investor[n] ?? 0] as InvestorId,
              after.at[n] ?? 0,
              values.subarray(row * width, (row + 1) * width),
            ),
          )
    })
    await writeRows(database, join(dir, 'rows.parquet'), table)

    const { uniform } = randomFor(1, 'feast')
    const first = Math.min(...profiles.map(({ knownAt }) => knownAt))
    const asPairs = pairsOf(
      ids,
      Array.from({ length: size.pairs }, () => [
        Math.floor(uniform() * ids.length),
        Math.floor(first + uniform() * (market.at - first)),
      ]),
    )
    let known = 0
    const ours = await timedRows(history, market, asPairs, ({ isKnown }) => {
      known += isKnown.reduce((sum, one) => sum + one, 0)
    })
    await database.run('CREATE TABLE pairs (investor_id VARCHAR, ms BIGINT)')
    await database.append(
      'pairs',
      Array.from(asPairs.investor, (n, pair) => [ids[n] ?? '', asPairs.at[pair] ?? 0]),
    )
    await database.run(
      `COPY (SELECT investor_id, ${timestamp('ms')} FROM pairs) TO ${literal(join(dir, 'pairs.parquet'))} (FORMAT parquet)`,
    )

    const line = (rows: string, cpuSeconds: number, count: number): object => ({
      rows,
      n: count,
      'CPU seconds': rounded(cpuSeconds, 1),
      'CPU µs a row': rounded((cpuSeconds / count) * 1e6, 1),
      'CPU ratio': rounded(cpuSeconds / count / (ours / size.pairs)),
    })
    const lines = [
      line(`history.rows, from ${events.length} events`, ours, size.pairs),
      line('the rows that Feast joins, by history.rows', making, after.at.length),
    ]
    for (const engine of ['duckdb', 'dask']) {
      type Joined = { readonly cpuSeconds: number; readonly known: number }
      const given = [join(dir, 'rows.parquet'), join(dir, 'pairs.parquet'), engine]
      const joined = await asked<Joined>(python, 'historical.py', join(dir, `historical-${engine}`), ...given)
      // Its Dask engine leaves out the pairs of which nothing was known.
      if (joined.known !== known) throw new Error(`Feast, ${engine}: ${joined.known} known rows; want ${known}`)
      lines.push(
        line(`Feast, ${engine}: get_historical_features over ${table.length} rows`, joined.cpuSeconds, size.pairs),
      )
    }
    return lines
  } finally {
    await database.close()
    await history.close()
  }
}
