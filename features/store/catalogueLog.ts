import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { z } from 'zod'
import { type Blobs, openBlobs } from '../../storage/blobs.js'
import { replaceFile } from '../../storage/replaceFile.js'
import { type Catalogue } from '../schema/catalogue.js'
import { Digest } from '../schema/ids.js'
import { type Product } from '../schema/product.js'
import { Instant } from '../schema/time.js'
import { emptyFold, type Folded, foldRevisions, joinDigests, type Revision } from './catalogueFold.js'
import { readSnapshot, writeSnapshot } from './catalogueSnapshot.js'

/** The append-only log of what was known of the products. One process appends at a time; others may read. */
export type CatalogueLog = {
  /**
   * Adds a revision, durably, and returns the catalogue with it. Nothing is added where there are no changes, or where
   * they repeat the newest revision word for word.
   */
  readonly append: (changes: readonly Product[], knownAt: Instant) => Promise<Catalogue>
  /** Makes the contents of revisions durable without adding any; `adopt` then adds them all, at once. */
  readonly prepare: (revisions: readonly Change[]) => Promise<Prepared>
  /** Adds what was prepared as a whole; nothing where it was added before, so that a caller may repeat it after a crash. */
  readonly adopt: (prepared: Prepared) => Promise<Catalogue>
  /** The latest `knownAt` of all revisions; null where there are none. A fact known from later on overrides all others. */
  readonly newestKnownAt: () => Promise<Instant | null>
  /** The newest catalogue, as last appended by any process. It reads the list: keep the result, not call it often. */
  readonly head: () => Promise<Catalogue>
  /**
   * The catalogue as a decision saw it: revisions up to `revision` (null: all) known strictly before `knownBefore`
   * (null: all). The same arguments give the same catalogue for ever.
   */
  readonly asOf: (revision: number | null, knownBefore: Instant | null) => Promise<Catalogue>
  /** `asOf(null, instant)` of each instant, the revisions read once. */
  readonly asOfEach: (instants: readonly Instant[]) => Promise<readonly Catalogue[]>
  /** All of them, in the order of their numbers. */
  readonly revisions: () => Promise<readonly Revision[]>
}

/** Products as they became known at one instant. */
export type Change = { readonly changes: readonly Product[]; readonly knownAt: Instant }

const Entry = z.strictObject({ revision: z.int().min(1), digest: Digest, knownAt: Instant, products: z.int().min(1) })
export type Entry = z.infer<typeof Entry>
/** Revisions whose contents are stored, and after which number of the list they go. */
export const Prepared = z.strictObject({ after: z.int().min(0), entries: z.array(Entry) })
export type Prepared = z.infer<typeof Prepared>

const List = z.strictObject({
  v: z.literal(1),
  revisions: z.array(Entry).refine((list) => list.every(({ revision }, n) => revision === n + 1), 'want 1, 2, 3, …'),
})

type Content = { v: 1; knownAt: Instant; products: readonly Product[] }

const listName = 'revisions.json'
/** Of earlier catalogues: a replay asks for one after the other, and comes back to few. */
const cataloguesKept = 2
/** A snapshot is written once so many revisions were read beyond the last one. */
const snapshotEvery = 32

/** The revisions of a log's directory, in order, as listed. */
export const readList = async (dir: string): Promise<readonly Entry[]> => {
  try {
    return List.parse(JSON.parse(await readFile(join(dir, listName), 'utf8'))).revisions
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Error(`catalogue/${listName} cannot be read: restore it from a backup; the blobs are untouched`, {
      cause,
    })
  }
}

const writeList = (dir: string, revisions: readonly Entry[]): Promise<void> =>
  replaceFile(join(dir, listName), `${JSON.stringify({ v: 1, revisions })}\n`)

/**
 * Deterministic CBOR. For maps whose keys are all texts, cborg's own order (shorter first, then by bytes) is that of
 * RFC 8949 §4.2.1, since a text's length stands first in its encoding; and it is four times faster.
 */
export const encodeRevision = (products: readonly Product[], knownAt: Instant): Uint8Array =>
  encode({ v: 1, knownAt, products } satisfies Content)

/** Throws RangeError. */
export const checkRevision = (revision: number, entries: readonly Entry[]): void => {
  if (!Number.isInteger(revision) || revision < 0 || revision > entries.length)
    throw new RangeError(`catalogue: got revision ${revision}, want 0 to ${entries.length}`)
}

/** The contents of a listed revision. Rejects where they are absent or not what was listed. */
export const readRevision = async (blobs: Blobs, { revision, digest, knownAt }: Entry): Promise<Revision> => {
  const content = decode(await blobs.get(digest)) as Content
  if ((content.v as number) !== 1 || content.knownAt !== knownAt) {
    const found = `catalogue revision ${revision} has version ${content.v}, known at ${content.knownAt}`
    throw new Error(`${found}; want version 1, known at ${knownAt}: restore ${listName} from a backup`)
  }
  // The digest holds: these are the bytes that `append` made of products that the schema had checked.
  return { revision, digest, knownAt, products: content.products }
}

/** Opens (and makes) the log in a directory, and reads it whole. */
export const openCatalogueLog = async (dir: string): Promise<CatalogueLog> => {
  const blobs = openBlobs(join(dir, 'blobs'))
  let newest: Folded = emptyFold(null)
  /** Earlier catalogues that were asked for last. */
  let asked: readonly Folded[] = []
  let last: Promise<unknown> = Promise.resolve()

  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work)
    last = result.catch(() => undefined)
    return result
  }

  const read = async (entries: readonly Entry[]): Promise<Revision[]> => {
    const revisions: Revision[] = []
    for (const entry of entries) revisions.push(await readRevision(blobs, entry))
    return revisions
  }

  /** Folds in what was appended since, by this process or another; at first, onto the snapshot. */
  const refresh = async (): Promise<readonly Entry[]> => {
    const entries = await readList(dir)
    if (newest.catalogue.revision === 0) newest = (await readSnapshot(dir, joinDigests(entries))) ?? newest
    const since = entries.slice(newest.catalogue.revision)
    newest = foldRevisions(newest, await read(since))
    if (since.length >= snapshotEvery) await writeSnapshot(dir, newest)
    return entries
  }

  /** What would be added to the list: word for word what stands last is left out. */
  const prepare = async (revisions: readonly Change[]): Promise<Prepared> => {
    const after = await refresh()
    const entries: Entry[] = []
    for (const { changes, knownAt } of revisions) {
      if (changes.length === 0) continue
      const digest = Digest.parse(await blobs.put(encodeRevision(changes, Instant.parse(knownAt))))
      const revision = after.length + entries.length + 1
      if ((entries.at(-1) ?? after.at(-1))?.digest !== digest)
        entries.push({ revision, digest, knownAt, products: changes.length })
    }
    return { after: after.length, entries }
  }

  const adopt = async ({ after, entries }: Prepared, contents?: readonly Revision[]): Promise<Catalogue> => {
    const list = await refresh()
    const isThere = entries.every(({ digest }, n) => list[after + n]?.digest === digest)
    if (isThere) return newest.catalogue
    if (list.length !== after)
      throw new Error(`catalogue: revisions were prepared to follow ${after}, and there are ${list.length} by now`)
    await writeList(dir, [...list, ...entries])
    newest = foldRevisions(newest, contents ?? (await read(entries)))
    if (entries.length >= snapshotEvery) await writeSnapshot(dir, newest)
    return newest.catalogue
  }

  const append = async (changes: readonly Product[], knownAt: Instant): Promise<Catalogue> => {
    const prepared = await prepare([{ changes, knownAt }])
    return adopt(
      prepared,
      prepared.entries.map((entry) => ({ ...entry, products: changes })),
    )
  }

  const asOf = async (revision: number | null, knownBefore: Instant | null): Promise<Catalogue> => {
    const entries = await readList(dir)
    const count = revision ?? entries.length
    checkRevision(count, entries)
    if (knownBefore === null && count === newest.catalogue.revision) return newest.catalogue
    const known = entries.slice(0, count).filter(({ knownAt }) => knownBefore === null || knownAt < knownBefore)
    // The same revisions come to the same products, whatever the instant: to read them all takes a second.
    const [digests, latest] = [joinDigests(known), known.at(-1)?.revision ?? 0]
    const found = [newest, ...asked].find(
      (folded) => folded.digests === digests && folded.catalogue.revision === latest,
    )
    const { catalogue } = found ?? foldRevisions(emptyFold(null), await read(known))
    if (found === undefined) asked = [{ catalogue, knownAts: [], digests }, ...asked].slice(0, cataloguesKept)
    return { ...catalogue, knownBefore }
  }

  const asOfEach = async (instants: readonly Instant[]): Promise<readonly Catalogue[]> => {
    const revisions = await read(await readList(dir))
    return instants.map((instant) => foldRevisions(emptyFold(instant), revisions).catalogue)
  }

  await alone(refresh)
  return {
    append: (changes, knownAt) => alone(() => append(changes, knownAt)),
    prepare: (revisions) => alone(() => prepare(revisions)),
    adopt: (prepared) => alone(() => adopt(prepared)),
    newestKnownAt: async () =>
      (await readList(dir)).reduce<Instant | null>((newest, { knownAt }) => Math.max(newest ?? knownAt, knownAt), null),
    head: () =>
      alone(async () => {
        await refresh()
        return newest.catalogue
      }),
    asOf,
    asOfEach,
    revisions: async () => read(await readList(dir)),
  }
}
