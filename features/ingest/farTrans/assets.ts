import { compareIds } from '../../schema/ids.js'
import { Product } from '../../schema/product.js'
import { type ProductRecord } from '../../schema/records.js'
import { type Instant } from '../../schema/time.js'
import { farTransBand, farTransBandOfRows, farTransKind, farTransRiskLevel } from '../farTransBands.js'
import { aPastDay, isPastDay } from '../pastDay.js'
import { type ImportOptions } from '../report.js'
import { openTable, type Row, type Table } from '../table.js'
import { type Tally } from '../tally.js'

const columns = {
  required: [
    'ISIN',
    'assetName',
    'assetShortName',
    'assetCategory',
    'assetSubCategory',
    'marketID',
    'sector',
    'industry',
    'timestamp',
  ],
  optional: [],
} as const
type AssetColumn = (typeof columns.required)[number]
type Asset = Row<AssetColumn>['cells']

export const openAssets = (options: ImportOptions, tally: Tally): Promise<Table<AssetColumn> | null> =>
  openTable(options, 'asset_information.csv', columns, tally)

/** The rows of one ISIN differ in their market, and three ISINs in their category: the highest band's row stands. */
function productOf(rows: readonly [Asset, ...Asset[]]): ProductRecord | null {
  const band = farTransBandOfRows(rows)
  const row = rows.find((one) => farTransBand(one) === band) ?? rows[0]
  const first = rows.reduce((a, { timestamp }) => (timestamp < a ? timestamp : a), row.timestamp)
  const knownAt = `${first}T00:00:00Z`
  const name = row.assetName || row.assetShortName || row.ISIN
  const parsed = Product.safeParse({
    id: row.ISIN,
    companyId: 'far-trans-unknown',
    companyName: '(issuer not stated)',
    name: { 'zh-CN': name, en: name },
    kind: farTransKind(row),
    kindText: `${row.assetCategory}/${row.assetSubCategory}`,
    currency: 'EUR',
    rating: { level: farTransRiskLevel(band), basis: 'band', ratedAt: knownAt },
    status: 'open',
    statusSource: 'assumed',
    statusAt: knownAt,
  })
  return parsed.success ? { knownAt: Date.parse(knownAt), value: parsed.data } : null
}

/** One product an ISIN, known from the day of its first row; ascending, then by ISIN. */
export async function readAssets(
  { tally, rows }: Table<AssetColumn>,
  importedAt: Instant,
): Promise<readonly ProductRecord[]> {
  const assets = new Map<string, [Asset, ...Asset[]]>()
  for await (const chunk of rows()) {
    for (const row of chunk) {
      const { ISIN, assetCategory, assetSubCategory, timestamp } = row.cells
      if (farTransKind(row.cells) === null) {
        const got = `${assetCategory}/${assetSubCategory}`
        tally.reject(row, { column: 'assetCategory', got, want: 'a category and subcategory of docs/data.md' })
      } else if (!isPastDay(timestamp, importedAt)) {
        tally.reject(row, { column: 'timestamp', got: timestamp, want: aPastDay })
      } else if (productOf([row.cells]) === null) {
        tally.reject(row, { column: 'ISIN', got: ISIN, want: 'an id of letters and digits, and a name of at most 300' })
      } else {
        tally.accept()
        const before = assets.get(ISIN)
        if (before === undefined) assets.set(ISIN, [row.cells])
        else before.push(row.cells)
      }
    }
  }
  return [...assets.values()]
    .map(productOf)
    .filter((record) => record !== null)
    .sort((a, b) => a.knownAt - b.knownAt || compareIds(a.value.id, b.value.id))
}
