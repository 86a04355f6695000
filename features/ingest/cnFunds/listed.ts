import { LocalDate } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { openTable } from '../table.js'
import { type Tally } from '../tally.js'

const used = [
  'ts_code',
  'management',
  'found_date',
  'm_fee',
  'c_fee',
  'duration_year',
  'min_amount',
  'status',
  'type',
] as const
const unused = [
  'name',
  'custodian',
  'fund_type',
  'due_date',
  'list_date',
  'issue_date',
  'delist_date',
  'issue_amount',
  'p_value',
  'exp_return',
  'benchmark',
  'invest_type',
  'trustee',
  'purc_startdate',
  'redm_startdate',
  'market',
] as const

/** What fund_basic_exchange_listed says of a fund. */
export type ListedFund = {
  readonly management: string
  readonly status: 'open' | 'subscribing' | 'closed' | 'terminated'
  readonly managementBps: number | null
  readonly custodyBps: number | null
  readonly minPurchaseMinor: number | null
  readonly termMonths: number | null
  readonly inceptionDate: LocalDate | null
}

/**
 * L listed, I in issue, D delisted. A closed-end fund (契约型封闭式) takes no subscriptions. A delisted open-end fund may
 * live on outside the exchange, which this file does not tell: it counts as terminated, since that fails closed.
 */
const statusOf = (status: string, type: string): ListedFund['status'] | null => {
  if (status === 'D') return 'terminated'
  if (status === 'I') return 'subscribing'
  return status === 'L' ? (type === '契约型封闭式' ? 'closed' : 'open') : null
}

const dateOf = (text: string): LocalDate | null => {
  const parsed = LocalDate.safeParse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`)
  return parsed.success ? parsed.data : null
}

const scaled = (text: string, factor: number): number | null => {
  const value = Number(text)
  return text === '' || !(value >= 0) ? null : Math.round(value * factor)
}

/** Fees are percent a year; the minimum is in 10,000 CNY. Of a code that stands twice, the living listing counts. */
export async function readListed(
  options: ImportOptions,
  tally: Tally,
): Promise<ReadonlyMap<string, ListedFund> | null> {
  const columns = { required: used, optional: unused }
  const table = await openTable(options, 'fund_basic_exchange_listed.csv', columns, tally)
  if (table === null) return null
  const funds = new Map<string, ListedFund>()
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const { cells } = row
      const status = statusOf(cells.status, cells.type)
      if (status === null) {
        table.tally.reject(row, { column: 'status', got: cells.status, want: 'D, I or L' })
        continue
      }
      table.tally.accept()
      const code = cells.ts_code.slice(0, 6)
      if (funds.has(code) && status === 'terminated') continue
      funds.set(code, {
        management: cells.management,
        status,
        managementBps: scaled(cells.m_fee, 100),
        custodyBps: scaled(cells.c_fee, 100),
        minPurchaseMinor: scaled(cells.min_amount, 1_000_000),
        termMonths: scaled(cells.duration_year, 12),
        inceptionDate: dateOf(cells.found_date),
      })
    }
  }
  return funds
}
