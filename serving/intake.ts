import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { type Batch } from '../features/history/port.js'
import { type ImportOptions, type ImportReport } from '../features/ingest/report.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Known } from '../features/schema/records.js'
import { formatInstant, type Instant } from '../features/schema/time.js'
import { type Change, type Prepared } from '../features/store/catalogueLog.js'
import { folders, type Home } from './home.js'
import { adoptImport, keepImport } from './importIntent.js'

export type Importer = (options: ImportOptions, sink: Sink) => Promise<ImportReport>
export type Imported = ImportReport & {
  /** Where report and rejected lines were kept, within the data directory. */
  readonly kept: string
  readonly catalogueRevision: number
}

/**
 * Runs an importer into a data directory. Nothing is visible before all files were read, and then everything is; a
 * failure before that leaves the directory as it was, and what is cut short after it is finished at the next opening.
 * Rejected lines are kept in `imports/N-SOURCE/rejected.csv`.
 */
export async function importInto(home: Home, importer: Importer, options: ImportOptions): Promise<Imported> {
  const batch = await home.history.begin('import')
  const { report, name, prepared } = await readWhole(home, importer, options, batch).catch(async (error: unknown) => {
    await batch.abort()
    throw error
  })
  const dir = join(home.dir, folders.imports, name)
  const before = await home.history.sequence()
  await batch.commit().catch(async (error: unknown) => {
    if ((await home.history.sequence()) === before) await rm(dir, { recursive: true })
    throw error
  })
  await adoptImport(dir, prepared, home.catalogueLog)
  await home.refill()
  const { revision } = await home.catalogueLog.head()
  return { ...report, kept: `${folders.imports}/${name}`, catalogueRevision: revision }
}

type Read = { readonly report: ImportReport; readonly name: string; readonly prepared: Prepared }

async function readWhole(home: Home, importer: Importer, options: ImportOptions, batch: Batch): Promise<Read> {
  const revisions: Change[] = []
  const { sink, rows } = sinkInto(batch, revisions, options.importedAt)
  const report = await importer(options, sink)
  const prepared = await home.catalogueLog.prepare(revisions)
  const intent = { sequence: await home.history.sequence(), rows: rows(), catalogue: prepared }
  return { report, prepared, name: await keepImport(join(home.dir, folders.imports), report, intent) }
}

/**
 * Nothing can be known before it is here: such a fact would override all that the firm says until then. `rows`: how many
 * went into the history's batch.
 */
function sinkInto(batch: Batch, revisions: Change[], importedAt: Instant): { sink: Sink; rows: () => number } {
  let rows = 0
  const check = (knownAts: readonly Instant[]): void => {
    const ahead = knownAts.find((knownAt) => knownAt > importedAt)
    if (ahead !== undefined)
      throw new Error(`an importer calls a record known from ${formatInstant(ahead)} on, after this import`)
  }
  const taken = (records: readonly Known<unknown>[]): void => {
    check(records.map(({ knownAt }) => knownAt))
    rows += records.length
  }
  const sink: Sink = {
    investors: (records) => {
      taken(records)
      return batch.investors(records)
    },
    events: (records) => {
      taken(records)
      return batch.events(records)
    },
    navs: (records) => {
      taken(records)
      return batch.navs(records, importedAt)
    },
    products: (changes, knownAt) => {
      check([knownAt])
      revisions.push({ changes, knownAt })
      return Promise.resolve()
    },
  }
  return { sink, rows: () => rows }
}
