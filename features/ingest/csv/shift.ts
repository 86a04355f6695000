import { dayOfInstant } from '../../definitions/calendar.js'
import { type Instant } from '../../schema/time.js'
import { type ImportOptions } from '../report.js'
import { startTally } from '../tally.js'
import { eventsFile, investorsFile, productsFile } from './files.js'
import { navFile } from './nav.js'
import { type CsvFile, readCsvFile } from './readCsvFile.js'

async function newestIn<T>(options: ImportOptions, file: CsvFile<T>): Promise<Instant> {
  // The dates as they stand in the files may lie ahead: moved, they will not.
  const unbounded = { dir: options.dir, importedAt: Number.POSITIVE_INFINITY, strict: false }
  const read = await readCsvFile(unbounded, startTally(false), file, 0)
  let newest = Number.NEGATIVE_INFINITY
  for await (const records of read?.() ?? []) for (const { knownAt } of records) newest = Math.max(newest, knownAt)
  return newest
}

/**
 * How many days later every date must be, so that the newest `known_at` of all files falls on the day before `to`. An
 * investor who has neither `known_at` nor an assessment does not count. 0 for files without any record.
 */
export async function shiftDaysTo(options: ImportOptions, to: Instant): Promise<number> {
  const newest = Math.max(
    await newestIn(options, investorsFile(Number.NEGATIVE_INFINITY)),
    await newestIn(options, productsFile),
    await newestIn(options, eventsFile),
    await newestIn(options, navFile),
  )
  return newest === Number.NEGATIVE_INFINITY ? 0 : dayOfInstant(to) - 1 - dayOfInstant(newest)
}
