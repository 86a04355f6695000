import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  assembleRelease,
  digestOf,
  openRelease,
  type Release,
  type ReleaseManifest,
  withHnsw,
} from '../engine/release.js'
import { type Floor } from '../engine/ranking/floor.js'
import {
  buildHnsw,
  defaultGraph,
  distinctRows,
  type HnswIndex,
  type LevelIndex,
  loadHnswlib,
} from '../engine/retrieval/hnsw.js'
import { defaultThresholds, type PlannerThresholds } from '../engine/retrieval/planner.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { Digest, type ProductId } from '../features/schema/ids.js'
import { levelNumber } from '../features/schema/levels.js'
import { decodeReference, encodeReference, type FeatureReference } from '../features/quality/reference.js'
import { type Blobs } from '../storage/blobs.js'
import { replaceFile } from '../storage/replaceFile.js'

const ReleaseList = z.strictObject({
  v: z.literal(1),
  releases: z.array(Digest),
  active: Digest.nullable(),
  /** Those that were active before it, the newest last; lists of before it was kept have none. */
  before: z.array(Digest).default([]),
})
type ReleaseList = z.infer<typeof ReleaseList>

export type ReleaseOptions = {
  readonly thresholds?: PlannerThresholds
  readonly floors?: readonly Floor[]
  /** Kept with the release. */
  readonly featureReference?: FeatureReference | null
}

/** The releases of a data directory: parts as blobs, and a list with the active one, replaced as a whole. */
export type Releases = {
  /** Orders the vectors, builds the graphs where the catalogue is large enough for them, and stores all parts. */
  build(modelBytes: Uint8Array, catalogue: Catalogue, runId: string | null, options?: ReleaseOptions): Promise<Digest>
  list(): Promise<readonly { digest: Digest; active: boolean; manifest: ReleaseManifest }[]>
  activate(digest: Digest): Promise<void>
  /** What `rollback` would activate; null where nothing was active before. */
  previous(): Promise<Digest | null>
  /** Activates the one before the active one, and again the one before that. Rejects where there is none. */
  rollback(): Promise<Digest>
  /** Takes releases out of the list, their parts aside. Rejects for the active one. */
  forget(digests: ReadonlySet<Digest>): Promise<void>
  /** Opens a release, every part checked against its digest. */
  open(digest: Digest): Promise<Release>
  /** How features were distributed in the training set of a release; null where it does not have that. */
  featureReference(digest: Digest): Promise<FeatureReference | null>
  /** The active release's digest; null where none was activated. */
  active(): Promise<Digest | null>
}

export async function openReleases(dir: string, blobs: Blobs): Promise<Releases> {
  await mkdir(dir, { recursive: true })
  const file = join(dir, 'releases.json')
  const read = async (): Promise<ReleaseList> => {
    try {
      return ReleaseList.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { v: 1, releases: [], active: null, before: [] }
      throw new Error('releases/releases.json cannot be read: restore it from a backup', { cause: error })
    }
  }
  const write = (list: ReleaseList): Promise<void> => replaceFile(file, `${JSON.stringify(list, null, 2)}\n`)
  let last: Promise<unknown> = Promise.resolve()
  /** One change of the list after another, each from what the one before wrote; `change` may refuse by throwing. */
  const rewrite = (change: (list: ReleaseList) => ReleaseList | Promise<ReleaseList>): Promise<void> => {
    const turn = last.then(async () => write(await change(await read())))
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    build: async (modelBytes, catalogue, runId, options = {}) => {
      const { thresholds = defaultThresholds, featureReference = null, floors } = options
      const levelOf = levelIn(catalogue)
      const referenceBytes = featureReference && encodeReference(featureReference)
      const origin = { runId, catalogue: catalogue.digest }
      const beside = {
        thresholds,
        floors,
        featureReference: referenceBytes === null ? undefined : digestOf(referenceBytes),
      }
      const assembled = assembleRelease(modelBytes, levelOf, origin, beside)
      const exact = openRelease(assembled.manifestBytes, (part) =>
        part === assembled.manifest.model ? modelBytes : assembled.levels,
      )
      const hnsw = exact.vectors.productIds.length > thresholds.exactUpTo ? await storeGraphs(exact, dir, blobs) : []
      const { manifestBytes, levels, digest } =
        hnsw.length === 0 ? assembled : assembleRelease(modelBytes, levelOf, origin, { ...beside, hnsw })
      const parts = [modelBytes, levels, ...(referenceBytes === null ? [] : [referenceBytes]), manifestBytes]
      for (const bytes of parts) await blobs.put(bytes)
      await rewrite((list) =>
        list.releases.includes(digest) ? list : { ...list, releases: [...list.releases, digest] },
      )
      return digest
    },
    list: async () => {
      const { releases, active } = await read()
      return Promise.all(
        releases.map(async (digest) => ({
          digest,
          active: digest === active,
          manifest: (await releaseIn(digest, blobs)).manifest,
        })),
      )
    },
    activate: (digest) =>
      rewrite(async (list) => {
        if (!list.releases.includes(digest)) throw new Error(`no release ${digest}; "aptus release list" names them`)
        // Opened first: what cannot be opened is not activated.
        await wholeReleaseIn(digest, blobs)
        return activated(list, digest)
      }),
    previous: async () => (await read()).before.at(-1) ?? null,
    rollback: async () => {
      let back: Digest | null = null
      await rewrite(async (list) => {
        back = list.before.at(-1) ?? null
        if (back === null) throw new Error('no release was active before this one; "aptus release list" names all')
        await wholeReleaseIn(back, blobs)
        return { ...list, active: back, before: list.before.slice(0, -1) }
      })
      return Digest.parse(back)
    },
    forget: (digests) =>
      rewrite((list) => {
        const stays = (digest: Digest): boolean => !digests.has(digest)
        if (list.active !== null && !stays(list.active)) throw new Error(`release ${list.active} is active: it stays`)
        return { ...list, releases: list.releases.filter(stays), before: list.before.filter(stays) }
      }),
    open: (digest) => wholeReleaseIn(digest, blobs),
    featureReference: async (digest) => {
      const { manifest } = await releaseIn(digest, blobs)
      return manifest.featureReference === undefined
        ? null
        : decodeReference(await blobs.get(manifest.featureReference))
    },
    active: async () => (await read()).active,
  }
}

/** So many releases back can be gone. */
const mostBefore = 100

/** To activate again what is active changes nothing: a rollback would else lead nowhere. */
const activated = (list: ReleaseList, digest: Digest): ReleaseList =>
  list.active === null || list.active === digest
    ? { ...list, active: digest }
    : { ...list, active: digest, before: [...list.before, list.active].slice(-mostBefore) }

/** 1 to 5 of a product's level in a catalogue, 0 where it has none. */
export const levelIn =
  (catalogue: Catalogue) =>
  (id: ProductId): number => {
    const rating = catalogue.products[catalogue.ordinalOf.get(id) ?? -1]?.rating
    return rating ? levelNumber(rating.level) : 0
  }

/** A release from its parts, each checked against its digest, without its graphs: it cannot search by HNSW. */
export const releaseIn = async (digest: Digest, blobs: Blobs): Promise<Release> =>
  openRelease(...(await partsOf(digest, blobs)))

/** The same with its graphs. */
export const wholeReleaseIn = async (digest: Digest, blobs: Blobs): Promise<Release> =>
  openWhole(await releaseIn(digest, blobs), blobs)

async function partsOf(digest: Digest, blobs: Blobs): Promise<Parameters<typeof openRelease>> {
  const manifestBytes = await blobs.get(digest)
  const { model, levels } = z
    .object({ model: Digest, levels: Digest })
    .parse(JSON.parse(new TextDecoder().decode(manifestBytes)))
  const parts = new Map([
    [model, await blobs.get(model)],
    [levels, await blobs.get(levels)],
  ])
  return [
    manifestBytes,
    (part) => {
      const bytes = parts.get(part)
      if (bytes === undefined) throw new Error(`release ${digest} has no part ${part}`)
      return bytes
    },
  ]
}

async function storeGraphs(release: Release, dir: string, blobs: Blobs): Promise<ReleaseManifest['hnsw']> {
  const loaded = await loadHnswlib()
  // Without the library the exact scan serves; the release says so by naming no graph.
  if ('missing' in loaded) return []
  const index = buildHnsw(loaded.library, release.vectors, defaultGraph)
  const aside = await mkdtemp(join(dir, 'graphs-'))
  try {
    const files: ReleaseManifest['hnsw'] = []
    for (const { level, graph } of index.levels) {
      const path = join(aside, `level-${level}`)
      await graph.writeIndex(path)
      files.push({ level, file: (await blobs.put(await readFile(path))) as Digest })
    }
    return files
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

async function openWhole(release: Release, blobs: Blobs): Promise<Release> {
  const { hnsw } = release.manifest
  if (hnsw.length === 0) return release
  const loaded = await loadHnswlib()
  // The planner of this release would choose a search that is not there: refuse, for a replay would differ.
  if ('missing' in loaded)
    throw new Error(
      `the release holds HNSW graphs, but ${loaded.missing}: install it, or build a release with a larger exactUpTo`,
    )
  const { vectors } = release
  const levels = await Promise.all(
    hnsw.map(async ({ level, file }): Promise<LevelIndex> => {
      await blobs.get(file)
      const graph = new loaded.library.HierarchicalNSW('ip', vectors.dimension + 1)
      await graph.readIndex(blobs.path(file))
      return { level, graph, rowsOf: distinctRows(vectors, level) }
    }),
  )
  return withHnsw(release, { levels } satisfies HnswIndex)
}
