import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDb, literal } from '../../storage/duckdb.js'
import { syncDirectory, syncFile } from '../../storage/replaceFile.js'
import { type DataFile, type FileKind, type Manifest } from './manifest.js'
import { ownerColumn } from './tables.js'

/** Where a history lies, and the engine that reads and writes its files. */
export type Place = { readonly dir: string; readonly database: DuckDb }

/** Small enough that an investor's rows are found by the row groups' minima and maxima, without reading the rest. */
const rowGroupSize = 20_480

/**
 * Writes the rows of a selection as one file: aside, synced, renamed. It is no part of the history until a manifest
 * lists it; null where the selection is empty.
 */
export const writeParquet = async (
  { dir, database }: Place,
  kind: FileKind,
  from: string,
): Promise<DataFile | null> => {
  const name = `${kind}-${randomBytes(8).toString('hex')}.parquet`
  const aside = join(dir, `${name}.tmp`)
  const select = `SELECT * FROM ${from} ORDER BY ${ownerColumn[kind]}, seq`
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupSize}, USE_TMP_FILE false`
  const [written] = await database.rows(`COPY (${select}) TO ${literal(aside)} (${options})`)
  const rows = Number(written?.[0])
  if (rows === 0) {
    await rm(aside)
    return null
  }
  await syncFile(aside)
  await rename(aside, join(dir, name))
  await syncDirectory(dir)
  return { name, kind, rows }
}

/** A directory into which one process lets its DuckDB spill. */
export const spillName = (): string => `spill-${process.pid}-${randomBytes(4).toString('hex')}`

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isLeftOver = (name: string, listed: ReadonlySet<string>): boolean => {
  const pid = /^spill-(\d+)-/.exec(name)?.[1]
  if (pid !== undefined) return !isAlive(Number(pid))
  return /\.parquet(\.tmp)?$/.test(name) && !listed.has(name)
}

/** Deletes what no manifest lists: files replaced by others, and what a crash left half written. For the writer only. */
export const sweep = async (dir: string, manifest: Manifest): Promise<void> => {
  const listed = new Set(manifest.files.map(({ name }) => name))
  const names = (await readdir(dir)).filter((name) => isLeftOver(name, listed))
  await Promise.all(names.map((name) => rm(join(dir, name), { recursive: true, force: true })))
}
