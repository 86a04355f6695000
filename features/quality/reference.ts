import { z } from 'zod'
import { investorFeatures, productFeatures } from '../definitions/catalogue.js'
import { featureId } from '../definitions/feature.js'
import { InstantText, type Instant } from '../schema/time.js'
import { edgesOf } from './bins.js'
import { countsOf } from './counts.js'

const count = z.int().min(0)

/** How a column was distributed in the training set: bins between quantiles of a sample, and counts of that sample. */
export const ReferenceColumn = z.strictObject({
  /** `name@version`: of another version of a feature nothing can be told. */
  id: z.string(),
  edges: z.array(z.number()),
  bins: z.array(count).min(1),
  missing: count,
})
export type ReferenceColumn = z.infer<typeof ReferenceColumn>

/** What is compared: the vectors that decisions read of investors, and those of the catalogue's products. */
export const comparedEntities = ['investor', 'product'] as const
export type ComparedEntity = (typeof comparedEntities)[number]

/** The columns of the vectors that are compared. */
export const comparedFeatures = { investor: investorFeatures, product: productFeatures } as const

/**
 * Kept with a release: what its model's training set looked like. Quantiles and counts of a sample, and no row; the
 * outermost are the 1st and 99th in a hundred, so that no single person's value stands in it where 100 were sampled.
 */
export const FeatureReference = z.strictObject({
  v: z.literal(1),
  asOf: InstantText,
  investor: z.array(ReferenceColumn),
  product: z.array(ReferenceColumn),
})
export type FeatureReference = z.infer<typeof FeatureReference>

/** vectors: [n] of [d], NaN for a missing value. */
const columnsFrom = (ids: readonly string[], vectors: readonly Float32Array[]): ReferenceColumn[] => {
  const edges = ids.map((_, column) => edgesOf(Float32Array.from(vectors, (vector) => vector[column] ?? Number.NaN)))
  return countsOf(edges, vectors).map(({ bins, missing }, column) => ({
    id: ids[column] ?? '',
    edges: [...(edges[column] ?? [])],
    bins: [...bins],
    missing,
  }))
}

/** investors, products: vectors in the order of `comparedFeatures`; investors as they were at the training examples. */
export const referenceOf = (
  asOf: Instant,
  investors: readonly Float32Array[],
  products: readonly Float32Array[],
): FeatureReference => ({
  v: 1,
  asOf,
  investor: columnsFrom(comparedFeatures.investor.map(featureId), investors),
  product: columnsFrom(comparedFeatures.product.map(featureId), products),
})

/** The edges by which today's vectors are counted: those of the reference's column of the same id, else none. */
export const edgesFor = (
  reference: FeatureReference | null,
  entity: ComparedEntity,
): readonly (readonly number[])[] => {
  const edges = new Map(reference?.[entity].map((column) => [column.id, column.edges]))
  return comparedFeatures[entity].map((feature) => edges.get(featureId(feature)) ?? [])
}

export const encodeReference = (reference: FeatureReference): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(FeatureReference.encode(reference))}\n`)

/** Throws an Error where the bytes are no reference. */
export const decodeReference = (bytes: Uint8Array): FeatureReference =>
  FeatureReference.decode(JSON.parse(new TextDecoder().decode(bytes)) as z.input<typeof FeatureReference>)
