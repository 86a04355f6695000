import { type Product } from '../../schema/product.js'
import { type ProductRecord } from '../../schema/records.js'
import { type Instant } from '../../schema/time.js'
import { inBatches } from '../batches.js'
import { type ImportOptions, type ImportReport, IngestError } from '../report.js'
import { type Sink } from '../sink.js'
import { startTally } from '../tally.js'
import { openAssets, readAssets } from './assets.js'
import { openDatedBuys, openFirstSeen, readDatedBuys, readFirstSeen } from './buys.js'
import { openCustomers, readCustomers } from './customers.js'

async function passProducts(records: readonly ProductRecord[], sink: Sink): Promise<number> {
  const days = new Map<Instant, Product[]>()
  for (const { knownAt, value } of records) {
    const day = days.get(knownAt)
    if (day === undefined) days.set(knownAt, [value])
    else day.push(value)
  }
  for (const [knownAt, products] of days) await sink.products(products, knownAt)
  return records.length
}

const required = <T>(table: T | null, file: string): T => {
  if (table === null) throw new IngestError('NO_FILES', `${file}: absent; want it, or ${file}.gz, in the folder`)
  return table
}

const notes = [
  'consents are assumed given, statuses assumed open; no issuer is stated, so all products stand under one company',
  'a buy of train_first_seen without an exact day counts on the last day that it can have happened',
  'left out, for they hold labels or whole-period facts: test_interactions, validation_*, asset_monthly_return_partial, limit_prices',
]

/**
 * FAR-Trans: products of asset_information, profiles of customer_information, purchases of the dated buys and, where
 * they have no exact day, of train_first_seen; each known from the start of its day. Throws IngestError: `NO_FILES`,
 * `BAD_HEADER`, and `REJECTED` where strict.
 */
export async function importFarTrans(options: ImportOptions, sink: Sink): Promise<ImportReport> {
  const { strict, importedAt } = options
  const tally = startTally(strict)
  const assets = required(await openAssets(options, tally), 'asset_information.csv')
  const customers = required(await openCustomers(options, tally), 'customer_information.csv')
  const dated = required(await openDatedBuys(options, tally), 'buys_dated_2018-01-02_to_2019-07-31.csv')
  const firstSeen = required(await openFirstSeen(options, tally), 'train_first_seen.csv')
  const pairs = new Set<string>()
  const products = await passProducts(await readAssets(assets, importedAt), sink)
  const investors = await inBatches(readCustomers(customers, importedAt), sink.investors)
  const datedEvents = await inBatches(readDatedBuys(dated, pairs, importedAt), sink.events)
  const otherEvents = await inBatches(readFirstSeen(firstSeen, pairs, importedAt), sink.events)
  return {
    source: 'far-trans',
    files: tally.files(),
    accepted: { investors, products, events: datedEvents + otherEvents },
    rejected: tally.rejected(),
    notes,
  }
}
