import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../storage/replaceFile.js'

const count = z.int().min(0)

/** A Parquet file: the rows of the entries from `first` on, `rows` of them, of `bytes` in all. */
export const DataFile = z.strictObject({
  name: z.string().regex(/^entries-[0-9a-f]{16}\.parquet$/),
  first: count,
  rows: z.int().min(1),
  bytes: z.int().min(1),
})
export type DataFile = z.infer<typeof DataFile>

/**
 * What the search consists of: files in the ledger's order, without gaps. `last` is the SHA-256 of the newest entry that
 * was taken in, so that the files of another ledger, or of a longer one, are told. A change of the columns changes `v`.
 */
export const Manifest = z.strictObject({
  v: z.literal(1),
  files: z.array(DataFile),
  last: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
})
export type Manifest = z.infer<typeof Manifest>

export const emptyManifest: Manifest = { v: 1, files: [], last: null }

/** How many entries were taken in: the index of the next one. */
export const takenIn = ({ files }: Manifest): number => {
  const newest = files.at(-1)
  return newest === undefined ? 0 : newest.first + newest.rows
}

const fileName = 'manifest.json'

/** Null where it cannot be read, or does not describe what lies there: all of it is derived, and is then made anew. */
export const readManifest = async (dir: string): Promise<Manifest | null> => {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(join(dir, fileName), 'utf8')))
    let next = 0
    for (const { name, first, rows, bytes } of manifest.files) {
      if (first !== next || (await stat(join(dir, name))).size !== bytes) return null
      next += rows
    }
    return manifest
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export const writeManifest = (dir: string, manifest: Manifest): Promise<void> =>
  replaceFile(join(dir, fileName), `${JSON.stringify(manifest)}\n`)
