import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImportOptions, type ImportReport, rejectedCsv } from '../features/ingest/report.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Product } from '../features/schema/product.js'
import { type Instant } from '../features/schema/time.js'
import { replaceFile } from '../storage/replaceFile.js'
import { folders, type Home, markStoreStale } from './home.js'

export type Importer = (options: ImportOptions, sink: Sink) => Promise<ImportReport>
export type Imported = ImportReport & {
  /** Where report and rejected lines were kept, within the data directory. */
  readonly kept: string
  readonly catalogueRevision: number
}

/**
 * Runs an importer into a data directory. Nothing is visible before all files were read, and then everything is; a
 * failure on the way leaves the directory as it was. Rejected lines are kept in `imports/N-SOURCE/rejected.csv`.
 */
export async function importInto(home: Home, importer: Importer, options: ImportOptions): Promise<Imported> {
  const batch = await home.history.begin('import')
  const revisions: { changes: readonly Product[]; knownAt: Instant }[] = []
  const sink: Sink = {
    investors: batch.investors,
    events: batch.events,
    products: (changes, knownAt) => {
      revisions.push({ changes, knownAt })
      return Promise.resolve()
    },
  }
  let report: ImportReport
  try {
    report = await importer(options, sink)
  } catch (error) {
    await batch.abort()
    throw error
  }
  const kept = await keepReport(home.dir, report)
  await markStoreStale(home.dir)
  for (const { changes, knownAt } of revisions) await home.catalogueLog.append(changes, knownAt)
  await batch.commit()
  await home.refill()
  return { ...report, kept, catalogueRevision: (await home.catalogueLog.head()).revision }
}

async function keepReport(dir: string, report: ImportReport): Promise<string> {
  const parent = join(dir, folders.imports)
  await mkdir(parent, { recursive: true })
  const number = (await readdir(parent)).length + 1
  const name = `${String(number).padStart(4, '0')}-${report.source}`
  await mkdir(join(parent, name))
  const { rejected, ...rest } = report
  await replaceFile(
    join(parent, name, 'report.json'),
    `${JSON.stringify({ ...rest, rejected: rejected.length }, null, 2)}\n`,
  )
  if (rejected.length > 0) await writeFile(join(parent, name, 'rejected.csv'), [...rejectedCsv(rejected)].join(''))
  return `${folders.imports}/${name}`
}
