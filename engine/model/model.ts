import { z } from 'zod'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { ProductId } from '../../features/schema/ids.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type Product } from '../../features/schema/product.js'
import { type Instant } from '../../features/schema/time.js'
import { type Artifact, decodeArtifact } from './artifact.js'
import { readBlend } from './blend.js'
import { type Weighted, foldIn, unsolvable } from './foldIn.js'
import { itemFactorsVector, readItemFactors } from './itemFactors.js'
import { itemGraphScores, readItemGraph } from './itemGraph.js'
import { jsonText } from './jsonText.js'
import { segmentScores } from './segments.js'
import { doubles, floats, tensorOf } from './tensors.js'
import { readInvestorTower } from './twoTower.js'

/** What `loadModel` takes. */
export const modelKinds = ['popularity', 'ials', 'content', 'two-tower', 'item-factors', 'item-graph', 'blend'] as const

/**
 * A trained model as the engine uses it. `embed` gives an investor's vector in the products' space as of an instant, or
 * null where the model knows nothing of him (then popularity ranks).
 */
export type Model = {
  readonly kind: (typeof modelKinds)[number]
  readonly productIds: readonly ProductId[]
  readonly rowOf: ReadonlyMap<ProductId, number>
  /** Length of the vectors; 0 for a model without any. */
  readonly dimension: number
  /** [n, dimension], row i belongs to productIds[i]. */
  readonly products: Float32Array
  /** [n], never negative. */
  readonly popularity: Float32Array
  readonly embed: (investor: InvestorSnapshot, at: Instant) => Float32Array | null
  /**
   * Of a model whose scores are no inner products with `products`, which then only tell how near two of them are, or are
   * none: the scores of all rows, [n], in place of `embed`; null where it knows nothing of him.
   */
  readonly scores?: (investor: InvestorSnapshot, at: Instant) => Float64Array | null
  /** The ranking stage: [k] scores of candidates, `rows` of this model and their products; null where `embed`'s serve. */
  readonly rank:
    ((investor: InvestorSnapshot, at: Instant, rows: Int32Array, products: readonly Product[]) => Float64Array) | null
}

const Metadata = z.object({
  format: z.literal('aptus-model/1'),
  kind: z.enum(modelKinds),
  productIds: jsonText.pipe(z.array(ProductId)),
  viewWeight: z.coerce.number().min(0).max(1).default(0),
})

/** Reads and checks an artifact's bytes. Throws an `Error` that names the part that is wrong. */
export const loadModel = (bytes: Uint8Array): Model => readModel(decodeArtifact(bytes))

function readModel(artifact: Artifact): Model {
  const parsed = Metadata.safeParse(artifact.metadata)
  if (!parsed.success) throw new Error(`model file: __metadata__: ${z.prettifyError(parsed.error)}`)
  const { kind, productIds, viewWeight } = parsed.data
  const rowOf = new Map(productIds.map((id, row) => [id, row]))
  if (rowOf.size !== productIds.length) throw new Error('model file: productIds names a product twice')
  const popularity = floats(artifact, 'popularity', [productIds.length])
  if (popularity.some((count) => count < 0)) throw new Error('model file: tensor popularity holds a negative value')
  const base = { kind, productIds, rowOf, popularity, rank: null }
  const past = (investor: InvestorSnapshot): readonly Weighted[] => pastOf(investor, rowOf, viewWeight)
  if (kind === 'popularity') {
    const scores = segmentScores(artifact, productIds.length)
    return { ...base, ...withoutVectors, ...(scores && { scores }) }
  }
  if (kind === 'blend') return { ...base, ...readBlend(artifact, rowOf, past, readModel) }
  if (kind === 'item-factors' && artifact.tensors['products'] === undefined)
    return { ...base, ...withoutVectors, scores: wholeScores(artifact, productIds.length, past) }
  const { dimension, products } = productVectors(artifact, productIds.length)
  if (kind === 'item-graph')
    return { ...base, dimension, products, embed: () => null, scores: graphScores(artifact, past) }
  const towers = {
    ials: () => ialsTower(artifact, products, dimension, past),
    content: () => contentTower(artifact, products, dimension, past),
    'two-tower': () => readInvestorTower(artifact, rowOf, dimension),
    'item-factors': () => itemFactorsTower(artifact, productIds.length, dimension, past),
  }
  return { ...base, dimension, products, embed: towers[kind]() }
}

const withoutVectors = { dimension: 0, products: new Float32Array(0), embed: () => null } as const

function productVectors(
  artifact: Artifact,
  count: number,
): { readonly dimension: number; readonly products: Float32Array } {
  const dimension = tensorOf(artifact, 'products').shape[1] ?? 0
  if (dimension === 0) throw new Error('model file: tensor products has no columns')
  return { dimension, products: floats(artifact, 'products', [count, dimension]) }
}

type Past = (investor: InvestorSnapshot) => readonly Weighted[]

/** What he bought counts 1, what he only looked at `viewWeight`; products that the model does not know are left out. */
function pastOf(
  investor: InvestorSnapshot,
  rowOf: ReadonlyMap<ProductId, number>,
  viewWeight: number,
): readonly Weighted[] {
  const weights = new Map<number, number>()
  for (const { productId } of investor.behaviour.purchased) {
    const row = rowOf.get(productId)
    if (row !== undefined) weights.set(row, 1)
  }
  if (viewWeight > 0)
    for (const { productId } of investor.behaviour.viewed) {
      const row = rowOf.get(productId)
      if (row !== undefined && !weights.has(row)) weights.set(row, viewWeight)
    }
  // Sums are taken in the order of rows, whatever the order in which the past arrived.
  return [...weights].map(([row, weight]) => ({ row, weight })).sort((a, b) => a.row - b.row)
}

function ialsTower(artifact: Artifact, products: Float32Array, dimension: number, past: Past): Model['embed'] {
  const gram = doubles(artifact, 'gram', [dimension, dimension])
  const lambdaBySize = doubles(artifact, 'lambdaBySize', [tensorOf(artifact, 'lambdaBySize').shape[0] ?? 0])
  if (lambdaBySize.length === 0) throw new Error('model file: tensor lambdaBySize is empty')
  const model = { products, dimension, gram, lambdaBySize }
  const fault = unsolvable(model)
  if (fault !== null) throw new Error(`model file: ${fault}`)
  return (investor) => {
    const known = past(investor)
    return known.length === 0 ? null : foldIn(model, known)
  }
}

function graphScores(artifact: Artifact, past: Past): NonNullable<Model['scores']> {
  const graph = readItemGraph(artifact)
  return (investor) => {
    const known = past(investor)
    return known.length === 0 ? null : itemGraphScores(graph, known)
  }
}

/** A matrix of products by products held whole: his vector is his scores, and no products need to be scanned. */
function wholeScores(artifact: Artifact, count: number, past: Past): NonNullable<Model['scores']> {
  const factors = readItemFactors(artifact, count, count)
  return (investor) => {
    const known = past(investor)
    return known.length === 0 ? null : Float64Array.from(itemFactorsVector(factors, known))
  }
}

function itemFactorsTower(artifact: Artifact, count: number, dimension: number, past: Past): Model['embed'] {
  const factors = readItemFactors(artifact, count, dimension)
  return (investor) => {
    const known = past(investor)
    return known.length === 0 ? null : itemFactorsVector(factors, known)
  }
}

/** The mean of what he holds or viewed; else the centre of his level's products; else nothing. */
function contentTower(artifact: Artifact, products: Float32Array, dimension: number, past: Past): Model['embed'] {
  const centres = floats(artifact, 'levelCentres', [5, dimension])
  return (investor) => {
    const known = past(investor)
    const level = investor.profile.riskAssessment?.level
    if (known.length > 0) return weightedMean(products, dimension, known)
    return level === undefined
      ? null
      : centres.slice((levelNumber(level) - 1) * dimension, levelNumber(level) * dimension)
  }
}

function weightedMean(products: Float32Array, dimension: number, past: readonly Weighted[]): Float32Array {
  const sum = new Float64Array(dimension)
  let total = 0
  for (const { row, weight } of past) {
    total += weight
    for (let i = 0; i < dimension; i++) sum[i] = sum[i]! + weight * products[row * dimension + i]!
  }
  return Float32Array.from(sum, (value) => value / total)
}
