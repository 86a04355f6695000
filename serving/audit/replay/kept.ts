import { z } from 'zod'
import { type Missing } from '../../../audit/replay.js'
import { LocatedError } from '../../../engine/locatedYaml.js'
import { type Release } from '../../../engine/release.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type Digest } from '../../../features/schema/ids.js'
import { openCatalogueReader } from '../../../features/store/catalogueReader.js'
import { BlobError, openBlobs } from '../../../storage/blobs.js'
import { releaseIn, wholeReleaseIn } from '../../../training/releases.js'
import { DataError, reasonOfData } from '../../dataError.js'
import { keptPackIn } from '../../packs.js'

/** Where what decisions were made with lies. */
export type KeptFolders = { readonly blobs: string; readonly catalogue: string }

type Named = Pick<Catalogue, 'revision' | 'knownBefore' | 'digest'>

/** What decisions were made with, as it was kept: read alone, and opened once. Rejects with `NotKept`. */
export type Kept = {
  /** With its graphs, where those are wanted. */
  readonly release: (digest: Digest, withGraphs: boolean) => Promise<Release>
  readonly catalogue: (named: Named) => Promise<Catalogue>
  readonly pack: (digest: Digest) => Promise<Pack>
}

/** What a recorded decision names is absent, damaged, or of a form that this version does not read. */
export class NotKept extends Error {
  constructor(
    readonly missing: Missing,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'NotKept'
  }
}

/** Releases are large; decisions mostly name one or two. */
const mostReleases = 3

export function openKept(folders: KeptFolders): Kept {
  const blobs = openBlobs(folders.blobs)
  const read = openCatalogueReader(folders.catalogue)
  const releases = new Map<string, Release>()
  const packs = new Map<Digest, Pack>()
  return {
    release: async (digest, withGraphs) => {
      const key = `${digest} ${withGraphs}`
      const known = releases.get(key)
      if (known !== undefined) return known
      const release = await found('release', (withGraphs ? wholeReleaseIn : releaseIn)(digest, blobs))
      const [oldest] = releases.keys()
      if (releases.size >= mostReleases && oldest !== undefined) releases.delete(oldest)
      releases.set(key, release)
      return release
    },
    catalogue: async ({ revision, knownBefore, digest }) => {
      const catalogue = await found('catalogue', read(revision, knownBefore))
      if (catalogue.digest === digest) return catalogue
      const what = `the catalogue's revisions up to ${revision} are not those that the decision names`
      throw new NotKept('catalogue', `${what}: restore catalogue/ from a backup`)
    },
    pack: async (digest) => {
      const pack = packs.get(digest) ?? (await found('pack', keptPackIn(digest, blobs)))
      packs.set(digest, pack)
      return pack
    },
  }
}

async function found<T>(missing: Missing, reading: Promise<T>): Promise<T> {
  try {
    return await reasonOfData(reading)
  } catch (cause) {
    if (cause instanceof z.ZodError)
      throw new NotKept(missing, `of another version of Aptus: ${z.prettifyError(cause)}`, { cause })
    if (
      cause instanceof BlobError ||
      cause instanceof LocatedError ||
      cause instanceof DataError ||
      cause instanceof RangeError ||
      cause instanceof SyntaxError
    )
      throw new NotKept(missing, cause.message, { cause })
    throw cause
  }
}
