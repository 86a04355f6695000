import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDb, literal } from './duckdb.js'
import { syncDirectory, syncFile } from './replaceFile.js'

/** Where Parquet files lie, and the engine that reads and writes them. */
export type Place = { readonly dir: string; readonly database: DuckDb }

/**
 * Writes the rows of a selection as one file of a random name that begins with `prefix`: aside, synced, renamed. It
 * counts from when a manifest lists it; null where the selection is empty.
 */
export const writeParquetFile = async (
  { dir, database }: Place,
  prefix: string,
  select: string,
  rowGroupSize: number,
): Promise<{ readonly name: string; readonly rows: number } | null> => {
  const name = `${prefix}-${randomBytes(8).toString('hex')}.parquet`
  const aside = join(dir, `${name}.tmp`)
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
  return { name, rows }
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
export const sweepUnlisted = async (dir: string, listed: ReadonlySet<string>): Promise<void> => {
  const names = (await readdir(dir)).filter((name) => isLeftOver(name, listed))
  await Promise.all(names.map((name) => rm(join(dir, name), { recursive: true, force: true })))
}
