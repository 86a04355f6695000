import { type FarTransReport, farTransReport } from './farTransReport.js'
import {
  type FarTransData,
  type FarTransSplit,
  readFarTrans,
  readProfiles,
  readValidation,
  type ToleranceAt,
} from './farTransFiles.js'
import {
  bandsOf,
  type CustomerScore,
  customersOf,
  type FarTransCustomer,
  type Recommend,
  scoreSlate,
} from './farTransScore.js'
import { formatRange } from './splitRange.js'

const k = 10

/** Trains on a split's past and answers for its customers. `bandOf` are the assets' risk bands, `toleranceAt` tells a customer's. */
export type RecommenderFor = (
  split: FarTransSplit,
  customers: readonly FarTransCustomer[],
  bandOf: ReadonlyMap<string, number>,
  toleranceAt: ToleranceAt,
) => Promise<Recommend> | Recommend

export type FarTransOptions = {
  readonly dir: string
  /** What stands in it, where it was read before. */
  readonly data?: FarTransData
  /** Indices of the splits to score. */
  readonly splits: readonly number[]
  readonly recommenderFor: RecommenderFor
  /** Takes lines of RECS.csv (`split_index,customerID,rank,ISIN`, rank from 1), a split at a time, without the header. */
  readonly onSlates?: (lines: readonly string[]) => Promise<void> | void
  readonly onSplit?: (done: number, total: number) => void
}

/**
 * The temporal protocol: a model is trained at each split's time point on what had been bought by then, and scored on
 * what its customers bought in the window after. Mean over customers, then over splits.
 * Throws an Error that names the splits which the directory does not hold.
 */
export async function evaluateFarTrans(options: FarTransOptions): Promise<FarTransReport> {
  const data = options.data ?? (await readFarTrans(options.dir))
  const missing = options.splits.filter((index) => !data.indices.includes(index))
  if (missing.length > 0)
    throw new Error(`splits.csv: no split ${formatRange(missing)}; it holds ${formatRange(data.indices)}`)
  const splits = options.splits.map((index) => () => Promise.resolve(data.split(index)))
  return scoreSplits(splits, data, options)
}

/** The same on the three dates set apart for tuning. They have no returns. */
export async function evaluateFarTransValidation(
  options: Omit<FarTransOptions, 'splits'>,
  dates: readonly string[],
): Promise<FarTransReport> {
  const profiles = await readProfiles(options.dir)
  return scoreSplits(
    dates.map((date) => () => readValidation(options.dir, date)),
    profiles,
    options,
  )
}

async function scoreSplits(
  splits: readonly (() => Promise<FarTransSplit>)[],
  data: Pick<FarTransData, 'bandOf' | 'toleranceAt'>,
  options: Pick<FarTransOptions, 'recommenderFor' | 'onSlates' | 'onSplit'>,
): Promise<FarTransReport> {
  const scores: CustomerScore[][] = []
  const labels: string[] = []
  for (const read of splits) {
    const split = await read()
    const customers = customersOf(split, data)
    const recommend = await options.recommenderFor(split, customers, data.bandOf, data.toleranceAt)
    const bands = bandsOf(split, data.bandOf)
    const lines: string[] = []
    const ofSplit = customers.map((customer) => {
      const shown = recommend(customer).slice(0, k)
      shown.forEach((isin, at) => lines.push(`${split.label},${customer.id},${at + 1},${isin}`))
      return scoreSlate(customer, shown, split, bands, k)
    })
    await options.onSlates?.(lines)
    scores.push(ofSplit)
    labels.push(split.label)
    options.onSplit?.(labels.length, splits.length)
  }
  return farTransReport(labels, scores)
}
