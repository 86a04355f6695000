import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Digest, type ProductId } from '../features/schema/ids.js'
import { kernelId } from './model/kernel.js'
import { type Model, loadModel } from './model/model.js'
import { type Diversity, defaultDiversity } from './ranking/diversify.js'
import { type Floor, Floors } from './ranking/floor.js'
import { type HnswIndex } from './retrieval/hnsw.js'
import { type PlannerThresholds, defaultThresholds } from './retrieval/planner.js'
import { type Vectors, orderVectors } from './retrieval/vectors.js'

/**
 * What a release is made of, each part by its digest. The release's own digest is SHA-256 of these bytes: another
 * model, another threshold, another order of rows is another release.
 */
export const ReleaseManifest = z.strictObject({
  v: z.literal(1),
  kernelId: z.literal(kernelId),
  /** The model artifact. */
  model: Digest,
  /** Risk level (0 to 5) of each of the model's products at the time of the release: a byte each. */
  levels: Digest,
  /** The graph file of each level that has one. */
  hnsw: z.array(z.strictObject({ level: z.int().min(0).max(5), file: Digest })),
  thresholds: z.strictObject({
    exactUpTo: z.int().min(0),
    maxBlockedBps: z.int().min(0).max(10_000),
    k: z.int().min(1).max(10_000),
    ef: z.int().min(1),
  }),
  diversity: z.strictObject({ perCompanyBps: z.int().min(1).max(10_000), perKindBps: z.int().min(1).max(10_000) }),
  /** Exposure that is kept for some products (ranking/floors.ts); without them nothing is. */
  floors: Floors.optional(),
  /** Where it comes from: the training run, and the catalogue that it was built against. */
  runId: z.string().nullable(),
  catalogue: Digest,
  /** How features were distributed in the training set, a blob beside the release; older releases have none. */
  featureReference: Digest.optional(),
})
export type ReleaseManifest = z.infer<typeof ReleaseManifest>

export type Release = {
  readonly digest: Digest
  readonly manifest: ReleaseManifest
  readonly model: Model
  readonly vectors: Vectors
  readonly rowOf: ReadonlyMap<ProductId, number>
  readonly hnsw: HnswIndex | null
}

export const digestOf = (bytes: Uint8Array): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest

export type ReleaseParts = {
  readonly manifest: ReleaseManifest
  readonly manifestBytes: Uint8Array
  readonly levels: Uint8Array
  readonly digest: Digest
}

/** Puts a release together from a model's bytes; `levelOf` gives 1 to 5, or 0 for a product without a rating. */
export function assembleRelease(
  modelBytes: Uint8Array,
  levelOf: (id: ProductId) => number,
  origin: { readonly runId: string | null; readonly catalogue: Digest },
  options: {
    readonly thresholds?: PlannerThresholds
    readonly diversity?: Diversity
    readonly floors?: readonly Floor[] | undefined
    readonly hnsw?: ReleaseManifest['hnsw']
    readonly featureReference?: Digest | undefined
  } = {},
): ReleaseParts {
  const levels = Uint8Array.from(loadModel(modelBytes).productIds, levelOf)
  const manifest: ReleaseManifest = {
    v: 1,
    kernelId,
    model: digestOf(modelBytes),
    levels: digestOf(levels),
    hnsw: [...(options.hnsw ?? [])],
    thresholds: { ...(options.thresholds ?? defaultThresholds) },
    diversity: { ...(options.diversity ?? defaultDiversity) },
    ...(options.floors === undefined || options.floors.length === 0 ? {} : { floors: [...options.floors] }),
    ...origin,
    ...(options.featureReference === undefined ? {} : { featureReference: options.featureReference }),
  }
  const manifestBytes = new TextEncoder().encode(JSON.stringify(ReleaseManifest.parse(manifest)))
  return { manifest, manifestBytes, levels, digest: digestOf(manifestBytes) }
}

/**
 * Opens a release from its bytes; `part` returns the bytes of a digest. Every digest is checked against the bytes, and
 * a mismatch throws: a release that is not what its name says serves nothing. The graphs, which are files, are
 * attached by `withHnsw`.
 */
export function openRelease(manifestBytes: Uint8Array, part: (digest: Digest) => Uint8Array): Release {
  const manifest = ReleaseManifest.parse(JSON.parse(new TextDecoder().decode(manifestBytes)))
  const checked = (digest: Digest): Uint8Array => {
    const bytes = part(digest)
    if (digestOf(bytes) !== digest)
      throw new Error(
        `release: a part does not match its digest ${digest}; restore it from a backup or build a new release`,
      )
    return bytes
  }
  const model = loadModel(checked(manifest.model))
  const levels = checked(manifest.levels)
  if (levels.length !== model.productIds.length) throw new Error('release: the levels are not those of its model')
  const vectors = orderVectors(model, (id) => levels[model.rowOf.get(id) ?? -1] ?? 0)
  const rowOf = new Map(vectors.productIds.map((id, row) => [id, row]))
  return { digest: digestOf(manifestBytes), manifest, model, vectors, rowOf, hnsw: null }
}

export const withHnsw = (release: Release, hnsw: HnswIndex): Release => ({ ...release, hnsw })
