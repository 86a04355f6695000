import { type Kept } from '../../../audit/backtest/judging.js'
import { type CatalogueLog } from '../../../features/store/catalogueLog.js'
import { type Blobs } from '../../../storage/blobs.js'
import { packOf } from '../../packs.js'

/** Packs and catalogues as they were kept when decisions were made. */
export function keptIn({ blobs, catalogueLog }: { readonly blobs: Blobs; readonly catalogueLog: CatalogueLog }): Kept {
  const walk = catalogueLog.walk()
  return {
    packOf: (digest) => packOf(digest, blobs),
    catalogueOf: ({ revision, knownBefore }) =>
      knownBefore === null ? walk(revision) : catalogueLog.asOf(revision, knownBefore),
  }
}
