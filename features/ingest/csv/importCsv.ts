import { type ProductId } from '../../schema/ids.js'
import { type Nav } from '../../schema/nav.js'
import { type Known, type NavRecord, type ProductRecord } from '../../schema/records.js'
import { inBatches } from '../batches.js'
import { type ImportOptions, type ImportReport, IngestError } from '../report.js'
import { type Sink } from '../sink.js'
import { startTally, type Tally } from '../tally.js'
import { eventsFile, investorsFile, productsFile } from './files.js'
import { factsOverTime, navFile, type NavShelf, navShelf } from './nav.js'
import { type CsvFile, readCsvFile } from './readCsvFile.js'
import { catalogueRevisions } from './revisions.js'
import { shiftDaysTo } from './shift.js'

type Read<T> = (() => AsyncGenerator<readonly Known<T>[]>) | null

function grouped<T>(map: Map<ProductId, Known<T>[]>, id: ProductId, record: Known<T>): void {
  const group = map.get(id)
  if (group === undefined) map.set(id, [record])
  else group.push(record)
}

/** Products with their NAVs: both are held, for a revision needs all that was known before it. */
async function passProducts(products: Read<ProductRecord['value']>, navs: Read<Nav>, sink: Sink) {
  const rows = new Map<ProductId, ProductRecord[]>()
  for await (const records of products?.() ?? []) for (const one of records) grouped(rows, one.value.id, one)
  const series = navShelf()
  for await (const records of navs?.() ?? []) records.forEach(series.add)
  const facts = new Map(series.ids().map((id) => [id, factsOverTime(series.of(id))]))
  for (const [knownAt, changes] of catalogueRevisions(rows, facts)) await sink.products(changes, knownAt)
  const known = series.ids().filter((id) => rows.has(id))
  if (sink.navs !== undefined) await inBatches(navsOf(known, series), sink.navs)
  return { products: rows.size, strangers: series.ids().filter((id) => !rows.has(id)) }
}

function* navsOf(ids: readonly ProductId[], { of }: NavShelf): Generator<readonly NavRecord[]> {
  for (const id of ids) yield of(id)
}

function notesOf(hasProducts: boolean, hasNavs: boolean, strangers: readonly ProductId[], shiftDays: number): string[] {
  const facts = 'nav.csv: facts of each product as of the last NAV of each month, and of the newest'
  const alone = 'nav.csv has no products.csv beside it: it was left out'
  return [
    ...(hasNavs ? [hasProducts ? facts : alone] : []),
    ...(strangers.length === 0
      ? []
      : [
          `nav.csv: ${strangers.length} products are not in products.csv, first ${strangers[0]}: their NAVs were left out`,
        ]),
    ...(shiftDays === 0 ? [] : [`every date and instant was moved by ${shiftDays} days, as asked`]),
  ]
}

/**
 * Our own CSV files: investors.csv, products.csv, events.csv and nav.csv, at least one of them; columns in
 * docs/data.md. Throws IngestError: `NO_FILES`, `BAD_HEADER`, and `REJECTED` where strict.
 */
export async function importCsv(options: ImportOptions, sink: Sink): Promise<ImportReport> {
  const shiftDays = options.shiftToMs === undefined ? 0 : await shiftDaysTo(options, options.shiftToMs)
  const tally: Tally = startTally(options.strict)
  const open = <T>(file: CsvFile<T>) => readCsvFile(options, tally, file, shiftDays)
  const products = await open(productsFile)
  const navs = await open(navFile)
  const investors = await open(investorsFile(options.importedAt))
  const events = await open(eventsFile)
  if (products === null && navs === null && investors === null && events === null) {
    throw new IngestError('NO_FILES', 'no file: want investors.csv, products.csv, events.csv or nav.csv in the folder')
  }
  const passed = await passProducts(products, products === null ? null : navs, sink)
  const accepted = {
    products: passed.products,
    investors: await inBatches(investors?.() ?? [], sink.investors),
    events: await inBatches(events?.() ?? [], sink.events),
  }
  const notes = [...notesOf(products !== null, navs !== null, passed.strangers, shiftDays), ...tally.odd()]
  return { source: 'csv', files: tally.files(), accepted, rejected: tally.rejected(), notes }
}
