import { z } from 'zod'
import { refusalCodes } from '../../engine/decision.js'
import { type FirmId, type ProductId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type DuckDb, literal } from '../../storage/duckdb.js'
import { type Pseudonym } from '../commitment.js'
import { type Entry } from '../entry.js'
import { type LedgerIndex } from '../ledger.js'
import { type ColumnName, columns, type Row } from './columns.js'

/** How a decision, a purchase check or a change of class ended; or why a decision was a refusal. */
export const outcomes = [
  'personal',
  'non-personal',
  'refusal',
  'permit',
  'warn',
  'block',
  'granted',
  'not-granted',
  ...refusalCodes,
] as const

/** A rule's id, as a pack has it, or RULE-ERROR. */
export const RuleId = z.string().regex(/^[A-Z][A-Z0-9-]{1,39}$/, 'want capitals, digits and "-", such as CN-MATCH')

const types: Readonly<Record<Entry['type'], true>> = {
  decision: true,
  'purchase-check': true,
  'purchase-confirmation': true,
  assessment: true,
  'class-change': true,
  'profile-read': true,
  'profiles-read': true,
  erasure: true,
  'release-activation': true,
  promotion: true,
  'catalogue-revision': true,
  software: true,
  'recheck-disagreement': true,
  'officers-change': true,
  'pack-in-force': true,
  'rule-proposal': true,
  'rule-approval': true,
  'rule-withdrawal': true,
}
/** All types of entries; one that is missing does not compile. */
export const entryTypes = Object.keys(types) as readonly Entry['type'][]

/** What is looked for: all that is given must hold. Entries of the whole installation belong to every firm. */
export type Query = {
  readonly firmId: FirmId
  readonly pseudonym?: Pseudonym | undefined
  /** Shown, or asked for in a purchase check. */
  readonly productId?: ProductId | undefined
  /** It withheld a product, refused, blocked or warned. */
  readonly ruleId?: string | undefined
  readonly outcome?: (typeof outcomes)[number] | undefined
  /** Reads of profiles are found where they are asked for alone: each search would add to what the next one finds. */
  readonly type?: Entry['type'] | undefined
  /** From this instant on. */
  readonly from?: Instant | undefined
  /** Before this instant. */
  readonly to?: Instant | undefined
}

/** `after`: the index of the last entry of the page before. */
export type Page = { readonly limit: number; readonly after?: LedgerIndex | undefined }

/** A query as an SQL condition over the columns. */
export function conditionOf({ firmId, pseudonym, productId, ruleId, outcome, type, from, to }: Query): string {
  const all = [`(firm IS NULL OR firm = ${literal(firmId)})`]
  if (pseudonym !== undefined) all.push(`pseudonym = ${literal(pseudonym)}`)
  if (productId !== undefined)
    all.push(`(contains(products, ${literal(` ${productId} `)}) OR product = ${literal(productId)})`)
  if (ruleId !== undefined) all.push(`(contains(rules, ${literal(`/${ruleId} `)}) OR refused_by = ${literal(ruleId)})`)
  if (outcome !== undefined)
    all.push(`(${['outcome', 'refusal', 'verdict'].map((name) => `${name} = ${literal(outcome)}`).join(' OR ')})`)
  all.push(type === undefined ? `type NOT IN ('profile-read', 'profiles-read')` : `type = ${literal(type)}`)
  if (from !== undefined) all.push(`at_ms >= ${whole(from)}`)
  if (to !== undefined) all.push(`at_ms < ${whole(to)}`)
  return all.join(' AND ')
}

const whole = (value: number): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`search: got ${value}, want a whole number`)
  return value
}

const selected = columns.map(({ name, type }) => (type === 'BIGINT' ? `${name}::DOUBLE` : name)).join(', ')

/** Rows of `from`, in the order in which the SQL `rest` says. */
export async function rowsOf(database: DuckDb, from: string, rest: string): Promise<readonly Row[]> {
  const found = await database.rows(`SELECT ${selected} FROM ${from} ${rest}`)
  return found.map(
    (cells) => Object.fromEntries(columns.map(({ name }, n) => [name, cells[n]])) as Record<ColumnName, string>,
  )
}

/**
 * The newest that match, newest first. First their indices alone, from the few columns that the query names; then whole
 * rows, of so many entries only.
 */
export async function pageOf(database: DuckDb, from: string, query: Query, { limit, after }: Page) {
  const condition = conditionOf(query)
  const before = after === undefined ? '' : ` AND ledger_index < ${whole(after)}`
  const indices = await database.rows(
    `SELECT ledger_index::DOUBLE FROM ${from} WHERE ${condition}${before} ORDER BY ledger_index DESC LIMIT ${whole(limit)}`,
  )
  if (indices.length === 0) return []
  const listed = indices.map(([index]) => Number(index)).join(', ')
  const whose = query.pseudonym === undefined ? '' : ` AND pseudonym = ${literal(query.pseudonym)}`
  return rowsOf(database, from, `WHERE ledger_index IN (${listed})${whose} ORDER BY ledger_index DESC`)
}
