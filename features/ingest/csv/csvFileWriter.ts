import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Known } from '../../schema/records.js'
import { errorCode } from '../errorCode.js'
import { IngestError } from '../report.js'
import { csvHeader, csvLine } from './csvLine.js'
import { type CsvFile } from './readCsvFile.js'

const packed = promisify(gzip)

/** A CSV file in the making: `NAME.partial` from the first record on, and NAME once it is whole. */
export type CsvFileWriter<T> = {
  readonly write: (records: readonly Known<T>[]) => Promise<void>
  /** Makes its bytes durable; then `place` gives it its name. */
  readonly close: () => Promise<void>
  readonly place: () => Promise<void>
  readonly abort: () => Promise<void>
  readonly told: () => { readonly file: string; readonly rows: number }
}

async function openAside(dir: string, aside: string): Promise<FileHandle> {
  try {
    return await open(join(dir, aside), 'wx')
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    const reason = 'another command is writing it, or one was cut short: then delete it'
    throw new IngestError('OCCUPIED', `${aside} is in the folder already: ${reason}`)
  }
}

/** Each batch of records is a member of the `.gz`, which is the concatenation of them (RFC 1952 §2.2). */
export function csvFileWriter<T>(dir: string, csv: CsvFile<T>, isPacked: boolean): CsvFileWriter<T> {
  const file = isPacked ? `${csv.file}.gz` : csv.file
  const aside = `${file}.partial`
  let handle: FileHandle | null = null
  let rows = 0
  const put = async (to: FileHandle, text: string): Promise<void> => to.writeFile(isPacked ? await packed(text) : text)
  return {
    write: async (records) => {
      if (records.length === 0) return
      const lines = records.map((record) => csvLine(csv, record)).join('')
      const header = handle === null ? csvHeader(csv) : ''
      handle ??= await openAside(dir, aside)
      await put(handle, header + lines)
      rows += records.length
    },
    close: async () => {
      await handle?.sync()
      await handle?.close()
    },
    place: async () => {
      if (handle !== null) await rename(join(dir, aside), join(dir, file))
    },
    abort: async () => {
      if (handle === null) return
      await handle.close()
      await rm(join(dir, aside), { force: true })
    },
    told: () => ({ file, rows }),
  }
}
