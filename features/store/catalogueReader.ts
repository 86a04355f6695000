import { join } from 'node:path'
import { openBlobs } from '../../storage/blobs.js'
import { type Catalogue } from '../schema/catalogue.js'
import { type Instant } from '../schema/time.js'
import { emptyFold, type Folded, foldRevisions, joinDigests, type Revision } from './catalogueFold.js'
import { checkRevision, type Entry, readList, readRevision } from './catalogueLog.js'

/** `CatalogueLog.asOf`, from the revisions alone. Rejects where one is absent or damaged, RangeError where there is none. */
export type CatalogueReader = (revision: number, knownBefore: Instant | null) => Promise<Catalogue>

/** The value of a key, the least lately asked for going where there are more than `most`. */
async function kept<K, V>(map: Map<K, V>, key: K, most: number, make: () => Promise<V>): Promise<V> {
  const value = map.get(key) ?? (await make())
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) break
    map.delete(oldest)
  }
  return value
}

/**
 * Catalogues of the past. It writes nothing, so that threads may read beside the process that holds the directory; and
 * it believes no snapshot. Catalogues share the products of the revisions that they have in common, live and historical.
 */
export function openCatalogueReader(dir: string): CatalogueReader {
  const blobs = openBlobs(join(dir, 'blobs'))
  const revisions = new Map<number, Revision>()
  const folds = new Map<string, Folded>()
  const catalogues = new Map<string, Catalogue>()
  let entries: readonly Entry[] = []

  const fold = async (known: readonly Entry[], digests: string): Promise<Folded> => {
    let base = emptyFold(null)
    for (const each of folds.values())
      if (each.digests.length > base.digests.length && digests.startsWith(each.digests)) base = each
    const more: Revision[] = []
    for (const entry of known.slice(base.digests.length / 64))
      more.push(await kept(revisions, entry.revision, 64, () => readRevision(blobs, entry)))
    return foldRevisions(base, more)
  }

  return (revision, knownBefore) =>
    kept(catalogues, `${revision} ${String(knownBefore)}`, 32, async () => {
      if (revision > entries.length) entries = await readList(dir)
      checkRevision(revision, entries)
      const known = entries.slice(0, revision).filter(({ knownAt }) => knownBefore === null || knownAt < knownBefore)
      const digests = joinDigests(known)
      const { catalogue } = await kept(folds, digests, 16, () => fold(known, digests))
      return { ...catalogue, knownBefore }
    })
}
