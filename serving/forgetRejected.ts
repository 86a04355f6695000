import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rejectedWithout } from '../features/ingest/rejectedLines.js'
import { replaceFile } from '../storage/replaceFile.js'
import { type Erasure } from './erasures.js'
import { defaultFirm } from './investorKey.js'

/**
 * Takes out of every `rejected.csv` of a data directory the lines that hold an investor's id. A rejected line is one
 * that nobody could read, so it is searched as text: a longer id that contains his loses its line too. Imports are of
 * the default firm alone.
 */
export async function forgetRejected(importsDir: string, { firmId, investorId }: Erasure): Promise<void> {
  if (firmId !== defaultFirm) return
  for (const path of await rejectedFiles(importsDir)) {
    const { csv, dropped } = rejectedWithout(await readFile(path, 'utf8'), investorId)
    if (dropped === 0) continue
    // A header alone says nothing.
    if (csv.indexOf('\n') === csv.length - 1) await rm(path)
    else await replaceFile(path, csv)
  }
}

async function rejectedFiles(importsDir: string): Promise<readonly string[]> {
  try {
    const found = await readdir(importsDir, { recursive: true, withFileTypes: true })
    return found.filter(({ name }) => name === 'rejected.csv').map((file) => join(file.parentPath, file.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
