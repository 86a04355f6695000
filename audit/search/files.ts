import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDb, literal, openDuckDb } from '../../storage/duckdb.js'
import { type Place, spillName, sweepUnlisted, writeParquetFile } from '../../storage/parquet.js'
import { type Pseudonym } from '../commitment.js'
import { cellsOf, columns, createTable, type Row, sorting, withoutPersonal } from './columns.js'
import { type DataFile, emptyManifest, type Manifest, readManifest, takenIn, writeManifest } from './manifest.js'

/** A person's rows of a file lie in one group or two, and a group is little to read. */
const rowGroupSize = 12_288
/** A file of so many rows is merged no more. */
const sealedRows = 65_536
/** So many files of a size are merged into one. */
const mergedAtOnce = 8

/** The Parquet files of a search, which one process writes; calls that change them must not overlap. */
export type SearchFiles = {
  readonly manifest: () => Manifest
  /** Adds the rows of the entries that come next; `last`: SHA-256 of the newest. */
  readonly add: (rows: readonly Row[], last: string) => Promise<void>
  /** No file holds anything personal of this pseudonym when it resolves, nor do queries that began before. */
  readonly erase: (pseudonym: Pseudonym) => Promise<void>
  /** Drops everything. */
  readonly clear: () => Promise<void>
  /** Runs a query over `from`, all rows; its files stay until it is done. */
  readonly read: <T>(work: (database: DuckDb, from: string) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

const readParquet = (dir: string, files: readonly DataFile[]): string =>
  `read_parquet([${files.map(({ name }) => literal(join(dir, name))).join(', ')}])`

const noRows = `(SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(', ')} WHERE false)`

const write = async (place: Place, select: string, first: number): Promise<DataFile> => {
  const written = await writeParquetFile(place, 'entries', `${select} ORDER BY ${sorting}`, rowGroupSize)
  if (written === null) throw new Error('search: a file without rows')
  return { ...written, first, bytes: (await stat(join(place.dir, written.name))).size }
}

const sizeOf = ({ rows }: DataFile): number => Math.floor(Math.log2(rows) / 3)

/** The newest files that are due to be merged into one: enough of them no larger than the newest of all; or none. */
function due(files: readonly DataFile[]): readonly DataFile[] {
  const newest = files.at(-1)
  if (newest === undefined || newest.rows >= sealedRows) return []
  const before = files.findLastIndex((file) => file.rows >= sealedRows || sizeOf(file) > sizeOf(newest))
  const run = files.slice(before + 1)
  return run.length >= mergedAtOnce ? run : []
}

/** Opens, and makes, the files of a directory. What a crash left is swept; a manifest that does not hold is dropped. */
export async function openFiles(dir: string, memoryLimit = '512MB'): Promise<SearchFiles> {
  await mkdir(dir, { recursive: true })
  let manifest = (await readManifest(dir)) ?? emptyManifest
  await sweepUnlisted(dir, listedIn(manifest))
  const spill = join(dir, spillName())
  const database = await openDuckDb(spill, memoryLimit)
  const place = { dir, database }
  const readers = new Set<Promise<unknown>>()

  /** Lists the new files, then removes those that nothing lists and nobody reads. */
  const replace = async (next: Manifest): Promise<void> => {
    await writeManifest(dir, next)
    manifest = next
    await Promise.allSettled(readers)
    await sweepUnlisted(dir, listedIn(next))
  }

  const compact = async (): Promise<void> => {
    for (let run = due(manifest.files); run.length > 0; run = due(manifest.files)) {
      const merged = await write(place, `SELECT * FROM ${readParquet(dir, run)}`, run[0]?.first ?? 0)
      await replace({ ...manifest, files: [...manifest.files.slice(0, -run.length), merged] })
    }
  }

  return {
    manifest: () => manifest,
    add: async (rows, last) => {
      await database.run(createTable('staged'))
      try {
        await database.append('staged', rows.map(cellsOf))
        const added = await write(place, 'SELECT * FROM staged', takenIn(manifest))
        await replace({ ...manifest, files: [...manifest.files, added], last })
      } finally {
        await database.run('DROP TABLE staged')
      }
      await compact()
    },
    erase: async (pseudonym) => {
      const files: DataFile[] = []
      for (const file of manifest.files) {
        const from = readParquet(dir, [file])
        const held = `SELECT 1 FROM ${from} WHERE pseudonym = ${literal(pseudonym)} AND sealed <> 'erased' LIMIT 1`
        const isHeld = (await database.rows(held)).length > 0
        files.push(isHeld ? await write(place, withoutPersonal(from, literal(pseudonym)), file.first) : file)
      }
      await replace({ ...manifest, files })
    },
    clear: () => replace(emptyManifest),
    read: (work) => {
      const from = manifest.files.length === 0 ? noRows : readParquet(dir, manifest.files)
      const run = work(database, from)
      readers.add(run)
      return run.finally(() => readers.delete(run))
    },
    close: async () => {
      await Promise.allSettled(readers)
      await database.close()
      await rm(spill, { recursive: true, force: true })
    },
  }
}

const listedIn = ({ files }: Manifest): ReadonlySet<string> => new Set(files.map(({ name }) => name))
