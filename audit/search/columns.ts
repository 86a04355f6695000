import { type Cell } from '../../storage/duckdb.js'

type Column<Name extends string = string> = {
  readonly name: Name
  readonly type: 'VARCHAR' | 'BIGINT'
  /** Sealed in the ledger: null here once its person was erased. */
  readonly personal: boolean
  /** What a reader of an export is told of it. */
  readonly means: string
}

const column =
  (personal: boolean) =>
  <Name extends string>(name: Name, type: Column['type'], means: string): Column<Name> => ({
    name,
    type,
    personal,
    means,
  })
const open = column(false)
const personal = column(true)

/** One row an entry of the ledger: the columns of the search's files and of an export, in their order. */
export const columns = [
  open('ledger_index', 'BIGINT', 'place in the ledger, from 0'),
  open('entry_id', 'VARCHAR', 'id of the decision, check, assessment or other entry'),
  open('type', 'VARCHAR', 'decision, purchase-check, purchase-confirmation, assessment, class-change, …'),
  open('firm', 'VARCHAR', 'firm of the entry; empty where it is of the whole installation'),
  open('pseudonym', 'VARCHAR', 'whose entry; the ledger names nobody'),
  open('at_ms', 'BIGINT', 'instant, ms UTC'),
  open('mode', 'VARCHAR', 'of a decision: live, historical, evaluation'),
  open('scene', 'VARCHAR', 'of a decision: home, detail, search, holdings'),
  open('outcome', 'VARCHAR', 'of a decision: personal, non-personal, refusal'),
  open('refusal', 'VARCHAR', 'why a decision was a refusal'),
  open('refused_by', 'VARCHAR', 'the rule behind a refusal'),
  open('release', 'VARCHAR', 'digest of the release'),
  open('pack', 'VARCHAR', 'digest of the rule pack'),
  open('catalogue_revision', 'BIGINT', 'revision of the catalogue'),
  open('products', 'VARCHAR', 'products shown, in the order of their ranks, a space before and after each'),
  open('sealed', 'VARCHAR', 'what is sealed with the person: kept, erased, or lost; empty where nothing is'),
  personal('product', 'VARCHAR', 'of a purchase check: the product asked for'),
  personal('verdict', 'VARCHAR', 'of a check: permit, warn, block; of a change of class: granted, not-granted'),
  personal('rules', 'VARCHAR', 'withheld/RULE, blocked/RULE and warned/RULE, a space before and after each'),
  personal('withheld', 'VARCHAR', 'of a decision: JSON, how many products each rule withheld'),
  personal('withheld_total', 'BIGINT', 'of a decision: how many products were withheld'),
  personal('level', 'VARCHAR', 'C1-min (C1-minimum, whatever level stands beside), C1 to C5, or none'),
  personal('investor_class', 'VARCHAR', 'ordinary, professional'),
  personal('age_band', 'VARCHAR', 'age at the instant, by the UTC day'),
] as const satisfies readonly Column[]

export type ColumnName = (typeof columns)[number]['name']
export type Row = Readonly<Record<ColumnName, Exclude<Cell, object>>>

const names = columns.map(({ name }) => name)

export const createTable = (table: string): string =>
  `CREATE TABLE ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`

export const cellsOf = (row: Row): readonly Cell[] => names.map((name) => row[name])

/** Files are sorted so: a person's rows of a file lie together, and minima and maxima find them. */
export const sorting = 'pseudonym, ledger_index'

/** The rows of `from`, all of a person's as they stand after his erasure. `whose`: an SQL literal. */
export const withoutPersonal = (from: string, whose: string): string => {
  const cleared = columns
    .filter((column) => column.personal)
    .map(({ name }) => `CASE WHEN pseudonym = ${whose} THEN NULL ELSE ${name} END AS ${name}`)
  const sealed = `CASE WHEN pseudonym = ${whose} AND sealed IS NOT NULL THEN 'erased' ELSE sealed END AS sealed`
  return `SELECT * REPLACE (${[sealed, ...cleared].join(', ')}) FROM ${from}`
}
