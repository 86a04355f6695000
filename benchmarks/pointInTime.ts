import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { kindGroups } from '../features/definitions/product/kindGroup.js'
import { randomFor } from '../features/definitions/random.js'
import { type TraitsOf } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { openHistory } from '../features/history/history.js'
import { type DataFile, readManifest, writeManifest } from '../features/history/manifest.js'
import { writeParquet } from '../features/history/parquet.js'
import { type History, type Pairs } from '../features/history/port.js'
import { relation } from '../features/history/tables.js'
import { type CompanyId, type InvestorId } from '../features/schema/ids.js'
import { type DuckDb, openDuckDb } from '../storage/duckdb.js'
import { report, rounded } from './suite.js'

export type RowsSize = { readonly events: number; readonly investors: number; readonly pairs: number }

const day = 86_400_000
const begin = Date.parse('2024-05-01T00:00:00Z')
const days = 730
/** Imports that the events came by, each of every investor. */
const files = 10
const products = 4_200
const memoryLimit = '1GB'

const idOf = (n: number): InvestorId => `inv-${String(n).padStart(8, '0')}` as InvestorId

/** A profile as the history keeps it, but for its id. */
const profile = JSON.stringify({
  id: 'ID',
  investorClass: 'ordinary',
  riskAssessment: {
    level: 'C3',
    assessedAt: begin,
    questionnaireVersion: 'q',
    basis: 'questionnaire',
    lacksFullCapacity: false,
    acceptsNoLoss: false,
  },
  assessments: [begin],
  birthDate: '1980-02-29',
  objectives: ['growth'],
  horizonMonths: 36,
  lossCapacityBps: null,
  knowledge: {},
  assetBand: '80k-300k',
  incomeBand: null,
  finances: null,
  sustainability: null,
  consents: { profiling: true, personalisation: true },
})

const profilesOf = (investors: number): string => `(SELECT printf('inv-%08d', n) AS id,
  ${begin} + (n % 90)::BIGINT * ${day} AS known_at, replace('${profile}', 'ID', printf('inv-%08d', n)) AS record,
  'benchmark' AS source, n AS seq FROM range(${investors}) AS r(n))`

/** Views, purchases, redemptions and exposures of random investors on random days, each known within three days. */
const eventsOf = (file: number, count: number, investors: number): string => `(
  WITH drawn AS (SELECT n + ${file * count} AS seq, hash(n + ${file * count}) AS h FROM range(${count}) AS r(n)),
  parts AS (SELECT seq, h % ${investors} AS investor, (h // 1000003) % ${products} AS product, (h // 4294967311) % 100 AS u,
      (${begin + Math.floor((file * days) / files) * day}
        + ((h // 7919) % ${Math.floor((days / files) * day)}))::BIGINT AS moment FROM drawn)
  SELECT 'e' || seq AS event_id, printf('inv-%08d', investor) AS investor_id,
    CASE WHEN u < 62 THEN 'view' WHEN u < 75 THEN 'purchase' WHEN u < 80 THEN 'redemption' ELSE 'exposure' END AS type,
    printf('p%04d', product) AS product_id, moment AS occurred_at, moment + (u::BIGINT * ${Math.floor((3 * day) / 100)}) AS known_at,
    CASE WHEN u >= 62 AND u < 80 THEN '{"amount":{"minor":' || (100000 + product) || ',"currency":"CNY"},"unitsMicros":null,"decisionId":null}' END AS payload,
    'benchmark' AS source, seq::BIGINT AS seq, NULL::DOUBLE AS propensity FROM parts)`

async function written(dir: string, { events, investors }: RowsSize): Promise<number> {
  const database = await openDuckDb(join(dir, 'spill'), memoryLimit)
  const place = { dir, database }
  const made: (DataFile | null)[] = [await writeParquet(place, 'investors', profilesOf(investors))]
  const count = Math.floor(events / files)
  for (let file = 0; file < files; file += 1)
    made.push(await writeParquet(place, 'events', eventsOf(file, count, investors)))
  await writeManifest(dir, { v: 1, nextSeq: files * count, files: made.filter((file) => file !== null) })
  await database.close()
  await rm(join(dir, 'spill'), { recursive: true, force: true })
  return files * count
}

function drawnPairs({ investors, pairs }: RowsSize): Pairs {
  const { uniform } = randomFor(1, 'point-in-time')
  const investorIds = Array.from({ length: investors }, (_, n) => idOf(n))
  const investor = Int32Array.from({ length: pairs }, () => Math.floor(uniform() * investors))
  return { investorIds, investor, at: Float64Array.from(investor, () => Math.floor(begin + uniform() * days * day)) }
}

const traits: TraitsOf = (id) => {
  const n = Number(id.slice(1))
  return { group: kindGroups[n % 6] ?? 'bond', companyId: `c${n % 120}` as CompanyId, level: 1 + (n % 5) }
}

type Timed = { readonly seconds: number; readonly cpu: number }
async function timed(work: () => Promise<void>): Promise<Timed> {
  const [from, used] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(used)
  return { seconds: (performance.now() - from) / 1_000, cpu: (user + system) / 1e6 }
}

/** What a careful query gives of one feature: purchases known within 90 days, by DuckDB alone, over the same files. */
async function oneFeature(database: DuckDb, dir: string, files: readonly DataFile[], pairs: Pairs): Promise<Timed> {
  const events = relation(dir, { v: 1, nextSeq: 0, files: [...files] }, 'events')
  return timed(async () => {
    await database.run('CREATE TABLE pairs (pair BIGINT, id VARCHAR, moment BIGINT)')
    const rows = Array.from(pairs.investor, (n, pair) => [pair, pairs.investorIds[n] ?? '', pairs.at[pair] ?? 0])
    await database.append('pairs', rows)
    await database.rows(`SELECT sum(n) FROM (SELECT pair, count(*) AS n FROM pairs JOIN ${events} AS e ON e.investor_id = pairs.id
      WHERE e.type = 'purchase' AND e.known_at < pairs.moment AND e.occurred_at >= pairs.moment - ${90 * day}::BIGINT GROUP BY pair)`)
  })
}

/** Resident memory while work is done, sampled: its peak, MB. */
async function peakDuring(work: () => Promise<void>): Promise<number> {
  let peak = 0
  const look = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()))
  const timer = setInterval(look, 20)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return peak / 2 ** 20
}

/** How many of some pairs' rows are the account's own vector as of then, bit for bit. */
async function agreeing(history: History, pairs: Pairs, found: ReadonlyMap<number, Float32Array>): Promise<number> {
  let same = 0
  for (const [pair, values] of found) {
    const at = pairs.at[pair] ?? 0
    const account = await history.accountAsOf(pairs.investorIds[pairs.investor[pair] ?? 0] ?? idOf(0), at)
    const expected = account === null ? values.map(() => NaN) : storedVector(account, at, traits)
    if (Buffer.from(expected.buffer).equals(Buffer.from(values.buffer))) same += 1
  }
  return same
}

/** How long it takes to build training rows as they were known at each instant, and in how much memory. */
export async function pointInTime(size: RowsSize): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-point-in-time-'))
  try {
    const making = performance.now()
    const events = await written(dir, size)
    const made = (performance.now() - making) / 1_000
    const pairs = drawnPairs(size)
    const history = await openHistory(dir, { memoryLimit })
    const width = storedFeatures.length
    const sample = new Map<number, Float32Array>()
    const every = Math.floor(size.pairs / 50)
    let [rows, known] = [0, 0]
    const build = async (): Promise<void> => {
      for await (const { pair, values, isKnown } of history.rows(pairs, () => traits)) {
        for (const [row, place] of pair.entries()) {
          known += isKnown[row] ?? 0
          if (place % every === 0) sample.set(place, values.slice(row * width, (row + 1) * width))
        }
        rows += pair.length
        if (process.stderr.isTTY) process.stderr.write(`\r${rows} of ${size.pairs} rows`)
      }
    }
    let peak = 0
    const ours = await timed(async () => void (peak = await peakDuring(build)))
    const most = process.resourceUsage().maxRSS / 1024
    const same = await agreeing(history, pairs, sample)
    await history.close()
    const { files: listed } = await readManifest(dir)
    const database = await openDuckDb(join(dir, 'spill'), memoryLimit)
    const sql = await oneFeature(database, dir, listed, pairs)
    await database.close()
    const line = (what: string, { seconds, cpu }: Timed, features: number) => ({
      what,
      seconds: rounded(seconds, 1),
      'CPU seconds': rounded(cpu, 1),
      'rows/s': rounded(size.pairs / seconds, 0),
      features,
      'CPU ratio': rounded(cpu / sql.cpu, 2),
    })
    report('point-in-time', {
      question:
        'How long does it take to build rows of all stored features as they were known, and in how much memory?',
      baseline: 'one feature (purchases within 90 days) of the same pairs by one DuckDB query over the same files',
      n: `${size.pairs} pairs of ${size.investors} investors over ${events} events in ${files} files; DuckDB limited to ${memoryLimit}, two threads`,
      rows: [line('one feature, plain SQL', sql, 1), line('history.rows', ours, width)],
      remarks: [
        `Peak resident memory while rows were built, sampled every 20 ms: ${rounded(peak, 0)} MB (ids and pairs included); of the process until then, with the making of the files: ${rounded(most, 0)} MB. ${known} rows of known investors.`,
        `${same} of ${sample.size} sampled rows are the account's own vector as of then, bit for bit.`,
        `Making the files took ${rounded(made, 0)} s. Load average ${rounded(loadavg()[0] ?? NaN, 1)} on ${cpus().length} cores at the end.`,
      ],
    })
    if (same !== sample.size) throw new Error('point-in-time: a row differs from the vector of the account as of then')
  } finally {
    await rm(dir, { recursive: true })
  }
}
