import { join } from 'node:path'
import { type Cell, literal } from '../../storage/duckdb.js'
import { type EventRecord, type InvestorRecord } from '../schema/records.js'
import { type FileKind, type Manifest } from './manifest.js'

type Column = readonly [name: string, type: 'VARCHAR' | 'BIGINT']

/** The columns of each kind of Parquet file; instants in ms UTC, records and payloads as JSON of the decoded form. */
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
  ],
}

/** The column that says whose a row is; files are sorted by it, so that one investor's rows lie together. */
export const ownerColumn: Record<FileKind, string> = { investors: 'id', events: 'investor_id' }

export const investorRow = ({ knownAt, value }: InvestorRecord, source: string, seq: number): readonly Cell[] => [
  value.id,
  knownAt,
  JSON.stringify(value),
  source,
  seq,
]

export const eventRow = ({ knownAt, value }: EventRecord, source: string, seq: number): readonly Cell[] => {
  const { eventId, investorId, type, productId, occurredAt, ...payload } = value
  const rest = Object.keys(payload).length === 0 ? null : JSON.stringify(payload)
  return [eventId, investorId, type, productId, occurredAt, knownAt, rest, source, seq]
}

export const createTable = (name: string, kind: FileKind): string =>
  `CREATE TABLE ${name} (${columns[kind].map(([column, type]) => `${column} ${type}`).join(', ')})`

export const readParquet = (paths: readonly string[]): string => `read_parquet([${paths.map(literal).join(', ')}])`

/** All rows of a kind that the manifest lists, as something to select from. */
export const relation = (dir: string, { files }: Manifest, kind: FileKind): string => {
  const paths = files.filter((file) => file.kind === kind).map(({ name }) => join(dir, name))
  if (paths.length > 0) return readParquet(paths)
  return `(SELECT ${columns[kind].map(([column, type]) => `NULL::${type} AS ${column}`).join(', ')} WHERE false)`
}
