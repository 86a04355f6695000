import { encodeArtifact } from '../engine/model/artifact.js'
import { type Floor } from '../engine/ranking/floor.js'
import { type Release, assembleRelease, openRelease } from '../engine/release.js'
import { type PlannerThresholds } from '../engine/retrieval/planner.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Digest } from '../features/schema/ids.js'
import { levelNumber } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { seeded } from './randomMarket.js'

export const zeroDigest = `sha256:${'0'.repeat(64)}` as Digest

export const catalogueOf = (products: readonly Product[]): Catalogue => ({
  revision: 1,
  knownBefore: null,
  digest: zeroDigest,
  products,
  ordinalOf: new Map(products.map((product, ordinal) => [product.id, ordinal])),
})

/** A content model of random unit vectors in clusters: for tests of everything but the model. */
export function randomModel(products: readonly Product[], dimension: number, seed: number): Uint8Array {
  const random = seeded(seed)
  const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6)
  const centres = Array.from({ length: 20 }, () => Array.from({ length: dimension }, normal))
  const vectors = new Float32Array(products.length * dimension)
  products.forEach((_, row) => {
    const centre = centres[row % 20]!
    const point = centre.map((value) => value + 0.7 * normal())
    const length = Math.hypot(...point)
    point.forEach((value, i) => (vectors[row * dimension + i] = value / length))
  })
  return encodeArtifact({
    metadata: {
      format: 'aptus-model/1',
      kind: 'content',
      productIds: JSON.stringify(products.map(({ id }) => id)),
      viewWeight: '0.3',
    },
    tensors: {
      products: { shape: [products.length, dimension], data: vectors },
      popularity: { shape: [products.length], data: Float32Array.from(products, () => Math.floor(random() * 100)) },
      levelCentres: { shape: [5, dimension], data: Float32Array.from({ length: 5 * dimension }, normal) },
    },
  })
}

export function releaseOf(
  modelBytes: Uint8Array,
  catalogue: Catalogue,
  thresholds?: PlannerThresholds,
  floors?: readonly Floor[],
): Release {
  const parts = assembleRelease(
    modelBytes,
    (id) => {
      const rating = catalogue.products[catalogue.ordinalOf.get(id) ?? -1]?.rating
      return rating ? levelNumber(rating.level) : 0
    },
    { runId: null, catalogue: catalogue.digest },
    { floors, ...(thresholds === undefined ? {} : { thresholds }) },
  )
  return openRelease(parts.manifestBytes, (digest) => (digest === parts.manifest.model ? modelBytes : parts.levels))
}
