import { join } from 'node:path'
import { type Cell, literal } from '../../storage/duckdb.js'
import { type EventRecord, type InvestorRecord, type NavRecord } from '../schema/records.js'
import { dayNumber } from '../schema/time.js'
import { type FileKind, type Manifest } from './manifest.js'

type Column = readonly [name: string, type: 'VARCHAR' | 'BIGINT' | 'DOUBLE']

/** The columns of each kind of Parquet file; instants in ms UTC, days by their number, records and payloads as JSON of the decoded form. */
export const columns: Record<FileKind, readonly Column[]> = {
  investors: [
    ['id', 'VARCHAR'],
    ['known_at', 'BIGINT'],
    ['record', 'VARCHAR'],
    ['source', 'VARCHAR'],
    ['seq', 'BIGINT'],
  ],
  events: [
    ['event_id', 'VARCHAR'],
    ['investor_id', 'VARCHAR'],
    ['type', 'VARCHAR'],
    ['product_id', 'VARCHAR'],
    ['occurred_at', 'BIGINT'],
    ['known_at', 'BIGINT'],
    ['payload', 'VARCHAR'],
    ['source', 'VARCHAR'],
    ['seq', 'BIGINT'],
    ['propensity', 'DOUBLE'],
  ],
  navs: [
    ['product_id', 'VARCHAR'],
    ['day', 'BIGINT'],
    ['nav', 'DOUBLE'],
    ['is_return', 'BIGINT'],
    ['known_at', 'BIGINT'],
    ['source', 'VARCHAR'],
    ['seq', 'BIGINT'],
  ],
}

/** The column that says whose a row is; files are sorted by it, so that one's rows lie together. */
export const ownerColumn: Record<FileKind, string> = { investors: 'id', events: 'investor_id', navs: 'product_id' }

export const investorRow = ({ knownAt, value }: InvestorRecord, source: string, seq: number): readonly Cell[] => [
  value.id,
  knownAt,
  JSON.stringify(value),
  source,
  seq,
]

export const eventRow = ({ knownAt, value }: EventRecord, source: string, seq: number): readonly Cell[] => {
  const { eventId, investorId, type, productId, occurredAt, ...others } = value
  const { propensity = null, ...payload } = others as typeof others & { propensity?: number | null }
  const rest = Object.keys(payload).length === 0 ? null : JSON.stringify(payload)
  const logged = propensity === null ? null : { real: propensity }
  return [eventId, investorId, type, productId, occurredAt, knownAt, rest, source, seq, logged]
}

export const navRow = ({ knownAt, value }: NavRecord, source: string, seq: number): readonly Cell[] => [
  value.productId,
  dayNumber(value.date),
  { real: value.nav },
  value.isReturn ? 1 : 0,
  knownAt,
  source,
  seq,
]

export const createTable = (name: string, kind: FileKind): string =>
  `CREATE TABLE ${name} (${columns[kind].map(([column, type]) => `${column} ${type}`).join(', ')})`

/** Files of before `propensity` was logged do not have its column: beside others their rows have null in it. */
export const readParquet = (paths: readonly string[]): string =>
  `read_parquet([${paths.map(literal).join(', ')}], union_by_name = true)`

const noRows = (kind: FileKind): string =>
  `(SELECT ${columns[kind].map(([column, type]) => `NULL::${type} AS ${column}`).join(', ')} WHERE false)`

/** All rows of a kind that the manifest lists, as something to select from. `propensity` may be missing: `wholeRelation`. */
export const relation = (dir: string, { files }: Manifest, kind: FileKind): string => {
  const paths = files.filter((file) => file.kind === kind).map(({ name }) => join(dir, name))
  return paths.length > 0 ? readParquet(paths) : noRows(kind)
}

/** As `relation`, with every column even where all files are older than it. */
export const wholeRelation = (dir: string, manifest: Manifest, kind: FileKind): string =>
  `(SELECT * FROM ${relation(dir, manifest, kind)} UNION ALL BY NAME SELECT * FROM ${noRows(kind)})`
