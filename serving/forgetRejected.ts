import { readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { rejectedAbout, rejectedWithout } from '../features/ingest/rejectedLines.js'
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

/** The lines that `forgetRejected` would take out, and of which file each is. */
export async function rejectedLinesOf(
  importsDir: string,
  { firmId, investorId }: Erasure,
): Promise<readonly { readonly file: string; readonly line: string }[]> {
  if (firmId !== defaultFirm) return []
  const found = (await rejectedFiles(importsDir)).map(async (path) =>
    rejectedAbout(await readFile(path, 'utf8'), investorId).map((line) => ({ file: relative(importsDir, path), line })),
  )
  return (await Promise.all(found)).flat()
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
