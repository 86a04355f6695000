import { join } from 'node:path'
import {
  farTransBandOfRows,
  farTransTolerance,
  type FarTransAsset,
  type FarTransTolerance,
} from '../../features/ingest/farTransBands.js'
import { type AgeAt, readAges } from './farTransDates.js'
import { readColumns } from './table.js'

export const validationDates = ['2019-04-01', '2019-10-01', '2020-01-31'] as const

/** One temporal split: what was known before `timePoint`, and what was bought after it. Days are YYYY-MM-DD. */
export type FarTransSplit = {
  /** The split's index, or the date of a validation split. */
  readonly label: string
  readonly timePoint: string
  /** (customer, ISIN) bought before the time point. */
  readonly train: readonly (readonly [string, string])[]
  /** Days for which each of them was held; null where one of them is not known. */
  readonly ages: readonly number[] | null
  /** Of the customers counted: what they bought in the window, eligible assets only. */
  readonly relevant: ReadonlyMap<string, ReadonlySet<string>>
  readonly eligible: ReadonlySet<string>
  /** 30-day return over the window, for the assets that have one: a label, for ROI alone. */
  readonly returns: ReadonlyMap<string, number>
}

/** A customer's risk level as of an instant: null where unknown. */
export type ToleranceAt = (customer: string, timePoint: string) => FarTransTolerance | null

export type FarTransData = {
  /** Indices of the splits that the directory holds, ascending. */
  readonly indices: readonly number[]
  /** Throws a RangeError for an index that is not among `indices`. */
  readonly split: (index: number) => FarTransSplit
  readonly bandOf: ReadonlyMap<string, number>
  readonly toleranceAt: ToleranceAt
}

/** Reads the directory once; splits are cut out of it one at a time. Throws an Error that names the file at fault. */
export async function readFarTrans(dir: string): Promise<FarTransData> {
  const at = (file: string): string => join(dir, file)
  const splits = await readColumns(at('splits.csv'), ['split_index', 'time_point', 'test_end'])
  const firstSeen = await readColumns(at('train_first_seen.csv.gz'), ['customerID', 'ISIN', 'first_split_index'])
  const tests = groupedBySplit(
    await readColumns(at('test_interactions.csv.gz'), ['split_index', 'customerID', 'ISIN', 'eligible_customer']),
  )
  const eligible = groupedBySplit(await readColumns(at('eligible_assets.csv.gz'), ['split_index', 'ISIN']))
  const returns = groupedBySplit(
    await readColumns(at('asset_monthly_return_partial.csv'), ['split_index', 'ISIN', 'monthly_return']),
  )
  const ageAt = await readAges(dir)
  const timePoints = new Map(splits.map(([index = '', timePoint = '']) => [index, timePoint]))
  const split = (index: number): FarTransSplit => {
    const label = String(index)
    const timePoint = timePoints.get(label)
    if (timePoint === undefined) throw new RangeError(`split ${index} is not in splits.csv`)
    // A later first_split_index is a label of this split.
    const train = firstSeen
      .filter(([, , first]) => Number(first) <= index)
      .map(([customer = '', isin = '']) => [customer, isin] as const)
    const candidates = new Set((eligible.get(label) ?? []).map(([, isin = '']) => isin))
    return {
      label,
      timePoint,
      train,
      ages: agesOf(train, timePoint, ageAt),
      relevant: relevantOf(
        (tests.get(label) ?? []).map((row) => row.slice(1)),
        candidates,
      ),
      eligible: candidates,
      returns: new Map((returns.get(label) ?? []).map(([, isin = '', value]) => [isin, Number(value)])),
    }
  }
  const indices = [...timePoints.keys()].map(Number).sort((a, b) => a - b)
  return { indices, split, ...(await readProfiles(dir)) }
}

/** The split of one of the three dates on which models are tuned; it has no returns. */
export async function readValidation(dir: string, date: string): Promise<FarTransSplit> {
  const read = (part: string, columns: string[]): Promise<string[][]> =>
    readColumns(join(dir, `validation_${part}_${date}.csv.gz`), columns)
  const rows = await read('train', ['customerID', 'ISIN'])
  const train = rows.map(([customer = '', isin = '']) => [customer, isin] as const)
  const tests = await read('test', ['customerID', 'ISIN', 'eligible_customer'])
  const eligible = new Set((await read('eligible_assets', ['ISIN'])).map(([isin = '']) => isin))
  return {
    label: date,
    timePoint: date,
    train,
    ages: agesOf(train, date, await readAges(dir)),
    relevant: relevantOf(tests, eligible),
    eligible,
    returns: new Map(),
  }
}

function agesOf(train: FarTransSplit['train'], timePoint: string, ageAt: AgeAt): number[] | null {
  const ages = train.map(([customer, isin]) => ageAt(customer, isin, timePoint))
  return ages.includes(null) ? null : ages.filter((age) => age !== null)
}

/** Risk bands of assets, and of customers as their latest row strictly before a day tells. */
export async function readProfiles(dir: string): Promise<Pick<FarTransData, 'bandOf' | 'toleranceAt'>> {
  const assets = new Map<string, FarTransAsset[]>()
  const columns = ['ISIN', 'assetCategory', 'assetSubCategory']
  for (const [isin = '', assetCategory = '', assetSubCategory = ''] of await readColumns(
    join(dir, 'asset_information.csv'),
    columns,
  ))
    assets.set(isin, [...(assets.get(isin) ?? []), { assetCategory, assetSubCategory }])
  const versions = new Map<string, { timestamp: string; riskLevel: string }[]>()
  for (const [customer = '', riskLevel = '', timestamp = ''] of await readColumns(
    join(dir, 'customer_information.csv'),
    ['customerID', 'riskLevel', 'timestamp'],
  ))
    versions.set(customer, [...(versions.get(customer) ?? []), { timestamp, riskLevel }])
  const toleranceAt: ToleranceAt = (customer, timePoint) => {
    let latest: { timestamp: string; riskLevel: string } | null = null
    for (const version of versions.get(customer) ?? [])
      if (version.timestamp < timePoint && (latest === null || version.timestamp >= latest.timestamp)) latest = version
    return latest === null ? null : farTransTolerance(latest.riskLevel)
  }
  return { bandOf: new Map([...assets].map(([isin, rows]) => [isin, farTransBandOfRows(rows)])), toleranceAt }
}

function groupedBySplit(rows: readonly string[][]): Map<string, string[][]> {
  const groups = new Map<string, string[][]>()
  for (const row of rows) {
    const group = groups.get(row[0] ?? '')
    if (group === undefined) groups.set(row[0] ?? '', [row])
    else group.push(row)
  }
  return groups
}

/** Customers with eligible_customer = 1 and at least one eligible asset bought. Rows: customer, ISIN, eligible. */
function relevantOf(rows: readonly string[][], eligible: ReadonlySet<string>): Map<string, Set<string>> {
  const relevant = new Map<string, Set<string>>()
  for (const [customer = '', isin = '', counts] of rows) {
    if (counts !== '1' || !eligible.has(isin)) continue
    const assets = relevant.get(customer)
    if (assets === undefined) relevant.set(customer, new Set([isin]))
    else assets.add(isin)
  }
  return relevant
}
