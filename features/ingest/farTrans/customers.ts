import { type InvestorId } from '../../schema/ids.js'
import { type AssetBand, Investor } from '../../schema/investor.js'
import { type InvestorRecord } from '../../schema/records.js'
import { LocalDate, type Instant } from '../../schema/time.js'
import { farTransTolerance, isFarTransRiskLevel } from '../farTransBands.js'
import { aPastDay, isPastDay } from '../pastDay.js'
import { type ImportOptions } from '../report.js'
import { openTable, type Row, type Table } from '../table.js'
import { type Fault, type Tally } from '../tally.js'

const columns = {
  required: ['customerID', 'customerType', 'riskLevel', 'investmentCapacity', 'lastQuestionnaireDate', 'timestamp'],
  optional: [],
} as const
type CustomerColumn = (typeof columns.required)[number]

/** What stands where no questionnaire was filled in. */
const noQuestionnaire = '2000-01-01'

/** As the file spells it, and as its README does; `Predicted_` before any of them. */
const capacities: Readonly<Record<string, AssetBand>> = {
  CAP_LT30K: 'under-30k',
  CAP_LT_30K: 'under-30k',
  CAP_30K_80K: '30k-80k',
  CAP_80K_300K: '80k-300k',
  CAP_GT300K: '300k-3m',
  GT300K: '300k-3m',
}

const capacityOf = (text: string): AssetBand | undefined => capacities[text.replace(/^Predicted_/, '')]

const aDay = 'a day such as 2018-01-02'

function faultOf(cells: Row<CustomerColumn>['cells'], importedAt: Instant): Fault | null {
  const { riskLevel, investmentCapacity, lastQuestionnaireDate, timestamp } = cells
  if (!isFarTransRiskLevel(riskLevel)) {
    const want = 'Conservative, Income, Balanced, Aggressive, one of them after Predicted_, or Not_Available'
    return { column: 'riskLevel', got: riskLevel, want }
  }
  if (investmentCapacity !== 'Not_Available' && capacityOf(investmentCapacity) === undefined) {
    const want = `one of ${Object.keys(capacities).join(', ')}, one of them after Predicted_, or Not_Available`
    return { column: 'investmentCapacity', got: investmentCapacity, want }
  }
  if (!isPastDay(timestamp, importedAt)) return { column: 'timestamp', got: timestamp, want: aPastDay }
  if (!LocalDate.safeParse(lastQuestionnaireDate).success) {
    return { column: 'lastQuestionnaireDate', got: lastQuestionnaireDate, want: aDay }
  }
  return null
}

/** A questionnaire dated after its row was not known then; 2000-01-01 stands for none. */
const assessedOn = (questionnaire: LocalDate, timestamp: LocalDate): string | null =>
  questionnaire > timestamp || questionnaire === noQuestionnaire ? null : `${questionnaire}T00:00:00Z`

/**
 * A row as a profile, known from the start of its day. Consents are assumed given; the class is ordinary, for
 * customerType `Professional` means a sole trader and no professional client. Capacity, what a customer might invest,
 * stands in for his assets.
 */
function inputOf(cells: Row<CustomerColumn>['cells']) {
  const tolerance = farTransTolerance(cells.riskLevel)
  const assessedAt = assessedOn(cells.lastQuestionnaireDate, cells.timestamp)
  return {
    id: cells.customerID,
    riskAssessment:
      tolerance === null
        ? null
        : { level: tolerance.level, assessedAt, questionnaireVersion: 'far-trans', basis: tolerance.basis },
    assessments: assessedAt === null ? [] : [assessedAt],
    assetBand: capacityOf(cells.investmentCapacity) ?? null,
    consents: { profiling: true, personalisation: true },
  }
}

export const openCustomers = (options: ImportOptions, tally: Tally): Promise<Table<CustomerColumn> | null> =>
  openTable(options, 'customer_information.csv', columns, tally)

/** Each revision with the questionnaires that his earlier ones told of: rows do not stand in the order of time. */
function withEarlierAssessments(records: readonly InvestorRecord[]): readonly InvestorRecord[] {
  const known = new Map<InvestorId, Set<Instant>>()
  const whole = new Map<InvestorRecord, InvestorRecord>()
  for (const record of [...records].sort((a, b) => a.knownAt - b.knownAt)) {
    const { knownAt, value } = record
    const all = new Set([...(known.get(value.id) ?? []), ...value.assessments])
    known.set(value.id, all)
    whole.set(record, { knownAt, value: { ...value, assessments: [...all].sort((a, b) => a - b) } })
  }
  return records.map((record) => whole.get(record) ?? record)
}

/**
 * Every dated row of customer_information as a revision of the profile, known from its `timestamp`, in the order of the
 * file. A customer stands once a day. All are held, for a revision has the questionnaires of those before it.
 */
export async function* readCustomers(
  { tally, rows }: Table<CustomerColumn>,
  importedAt: Instant,
): AsyncGenerator<readonly InvestorRecord[]> {
  const seen = new Set<string>()
  const records: InvestorRecord[] = []
  for await (const chunk of rows()) {
    for (const row of chunk) {
      const fault = faultOf(row.cells, importedAt)
      const parsed = fault === null ? Investor.safeParse(inputOf(row.cells)) : null
      const key = `${row.cells.customerID} ${row.cells.timestamp}`
      if (fault !== null) tally.reject(row, fault)
      else if (!parsed?.success) {
        tally.reject(row, { column: 'customerID', got: row.cells.customerID, want: 'an id of at most 128 characters' })
      } else if (seen.has(key)) {
        tally.reject(row, { column: 'timestamp', got: row.cells.timestamp, want: 'each customer once a day' })
      } else {
        seen.add(key)
        tally.accept()
        records.push({ knownAt: Date.parse(`${row.cells.timestamp}T00:00:00Z`), value: parsed.data })
      }
    }
  }
  yield withEarlierAssessments(records)
}
