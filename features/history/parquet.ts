import { type Place, spillName, sweepUnlisted, writeParquetFile } from '../../storage/parquet.js'
import { type DataFile, type FileKind, type Manifest } from './manifest.js'
import { ownerColumn } from './tables.js'

export { type Place, spillName }

/** Small enough that an investor's rows are found by the row groups' minima and maxima, without reading the rest. */
const rowGroupSize = 20_480

/** Writes the rows of a selection as one file; null where it is empty. No part of the history until a manifest lists it. */
export const writeParquet = async (place: Place, kind: FileKind, from: string): Promise<DataFile | null> => {
  const select = `SELECT * FROM ${from} ORDER BY ${ownerColumn[kind]}, seq`
  const written = await writeParquetFile(place, kind, select, rowGroupSize)
  return written === null ? null : { ...written, kind }
}

/** Deletes what the manifest does not list. For the writer only. */
export const sweep = (dir: string, { files }: Manifest): Promise<void> =>
  sweepUnlisted(dir, new Set(files.map(({ name }) => name)))
