import { mkdir, readdir } from 'node:fs/promises'
import { syncDirectory } from '../../../storage/replaceFile.js'
import { errorCode } from '../errorCode.js'
import { IngestError } from '../report.js'
import { type Sink } from '../sink.js'
import { csvFileWriter } from './csvFileWriter.js'
import { eventsFile, investorsFile, productsFile } from './files.js'
import { navFile } from './nav.js'

export type Written = { readonly file: string; readonly rows: number }

/** A folder of our CSV files in the making. */
export type CsvOutput = {
  /** Takes what an importer or the simulation hands over; memory does not grow with it. */
  readonly sink: Required<Sink>
  /** Gives the files their names, when all of them are whole and durable. A file without records is not made. */
  readonly finish: () => Promise<readonly Written[]>
  /** Removes what was written. */
  readonly abort: () => Promise<void>
}

const names = ['investors.csv', 'products.csv', 'events.csv', 'nav.csv']

async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true })
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes(errorCode(error))) throw error
    throw new IngestError('OCCUPIED', 'the folder to write into is, or lies below, a file: name another')
  }
}

async function refuseOccupied(dir: string): Promise<void> {
  const found = (await readdir(dir)).find((name) => names.includes(name.replace(/\.gz$/, '')))
  if (found !== undefined)
    throw new IngestError('OCCUPIED', `the folder to write into has a file ${found} already: name another, or move it`)
}

/**
 * Begins investors.csv, products.csv, events.csv and nav.csv (or `.csv.gz`) in a folder, made where it is absent;
 * `importCsv` reads them back as they were handed over. Throws IngestError `OCCUPIED` where the folder has one of them.
 */
export async function openCsvOutput(dir: string, isPacked: boolean): Promise<CsvOutput> {
  await makeFolder(dir)
  await refuseOccupied(dir)
  const investors = csvFileWriter(dir, investorsFile(0), isPacked)
  const products = csvFileWriter(dir, productsFile, isPacked)
  const events = csvFileWriter(dir, eventsFile, isPacked)
  const navs = csvFileWriter(dir, navFile, isPacked)
  const all = [investors, products, events, navs]
  return {
    sink: {
      investors: investors.write,
      products: (changes, knownAt) => products.write(changes.map((value) => ({ knownAt, value }))),
      events: events.write,
      navs: navs.write,
    },
    finish: async () => {
      for (const one of all) await one.close()
      for (const one of all) await one.place()
      await syncDirectory(dir)
      return all.map((one) => one.told()).filter(({ rows }) => rows > 0)
    },
    abort: async () => {
      for (const one of all) await one.abort()
    },
  }
}
