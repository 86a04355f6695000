import { join } from 'node:path'
import { literal } from '../../storage/duckdb.js'
import { type InvestorId } from '../schema/ids.js'
import { type DataFile, type FileKind, FileKind as Kinds, type Manifest } from './manifest.js'
import { type Place, writeParquet } from './parquet.js'
import { ownerColumn, readParquet } from './tables.js'

/** A file of fewer rows is small: single appends make many of them, and each costs every reader an opening. */
const smallRows = 50_000

const mergeSmall = async (place: Place, manifest: Manifest, kind: FileKind, most: number): Promise<Manifest> => {
  const small = manifest.files.filter((file) => file.kind === kind && file.rows < smallRows)
  if (small.length <= most) return manifest
  const merged = await writeParquet(place, kind, readParquet(small.map(({ name }) => join(place.dir, name))))
  const kept = manifest.files.filter((file) => !small.includes(file))
  return { ...manifest, files: merged === null ? kept : [...kept, merged] }
}

/** The manifest with small files merged into one where there are more than `most` of a kind; the same one if not. */
export const compacted = async (place: Place, manifest: Manifest, most: number): Promise<Manifest> => {
  let result = manifest
  for (const kind of Kinds.options) result = await mergeSmall(place, result, kind, most)
  return result
}

const withoutInvestor = async (place: Place, file: DataFile, id: InvestorId): Promise<DataFile | null> => {
  // A product may have an investor's id.
  if (file.kind === 'navs') return file
  const from = readParquet([join(place.dir, file.name)])
  const owner = ownerColumn[file.kind]
  const [found] = await place.database.rows(`SELECT count(*)::DOUBLE FROM ${from} WHERE ${owner} = ${literal(id)}`)
  if (Number(found?.[0]) === 0) return file
  return writeParquet(place, file.kind, `(SELECT * FROM ${from} WHERE ${owner} <> ${literal(id)})`)
}

/** The manifest with every file that holds the investor replaced by one that does not. */
export const erased = async (place: Place, manifest: Manifest, id: InvestorId): Promise<Manifest> => {
  const files: (DataFile | null)[] = []
  for (const file of manifest.files) files.push(await withoutInvestor(place, file, id))
  return { ...manifest, files: files.filter((file) => file !== null) }
}
