import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../storage/replaceFile.js'

export const FileKind = z.enum(['investors', 'events', 'navs'])
export type FileKind = z.infer<typeof FileKind>

/** A Parquet file of the history: its name within the directory, what it holds, how many rows. */
export const DataFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+\.parquet$/),
  kind: FileKind,
  rows: z.int().min(1),
})
export type DataFile = z.infer<typeof DataFile>

/**
 * What the history consists of: a file that is not listed here does not exist for a reader. `nextSeq` numbers the
 * rows in the order of their arrival, which decides between two profiles known from the same instant.
 */
export const Manifest = z.strictObject({ v: z.literal(1), nextSeq: z.int().min(0), files: z.array(DataFile) })
export type Manifest = z.infer<typeof Manifest>

const manifestName = 'manifest.json'
const empty: Manifest = { v: 1, nextSeq: 0, files: [] }

const parse = (text: string): Manifest => {
  try {
    return Manifest.parse(JSON.parse(text))
  } catch (cause) {
    const remedy = 'restore it from a backup; the Parquet files beside it are untouched'
    throw new Error(`history/${manifestName} cannot be read: ${remedy}`, { cause })
  }
}

/** The manifest as last replaced; an empty one where there is none yet. */
export const readManifest = async (dir: string): Promise<Manifest> => {
  try {
    return parse(await readFile(join(dir, manifestName), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty
    throw error
  }
}

/** Makes the listed files the history, at once and durably. */
export const writeManifest = (dir: string, manifest: Manifest): Promise<void> =>
  replaceFile(join(dir, manifestName), `${JSON.stringify(manifest, null, 1)}\n`)

/** Refuses a directory that lacks a listed file, rather than answering from a part. */
export const checkFiles = async (dir: string, manifest: Manifest): Promise<void> => {
  for (const { name } of manifest.files) {
    await access(join(dir, name)).catch((cause: unknown) => {
      throw new Error(`history/${name} is listed in ${manifestName} but absent: restore it from a backup`, { cause })
    })
  }
}
