import { join } from 'node:path'
import { type Kept } from '../../../audit/backtest/judging.js'
import { openCatalogueReader } from '../../../features/store/catalogueReader.js'
import { openBlobs } from '../../../storage/blobs.js'
import { folders } from '../../home.js'
import { packOf } from '../../packs.js'

/** Packs and catalogues as they were kept in a data directory when decisions were made. Writes nothing: for workers too. */
export function keptIn(dir: string): Kept {
  const blobs = openBlobs(join(dir, folders.blobs))
  const catalogueAt = openCatalogueReader(join(dir, folders.catalogue))
  return {
    packOf: (digest) => packOf(digest, blobs),
    catalogueOf: ({ revision, knownBefore }) => catalogueAt(revision, knownBefore),
  }
}
