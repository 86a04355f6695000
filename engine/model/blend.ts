import { z } from 'zod'
import { featureById } from '../../features/definitions/catalogue.js'
import { type Feature } from '../../features/definitions/feature.js'
import { featureDigest } from '../../features/definitions/featureDigest.js'
import { valueOf } from '../../features/definitions/vectors.js'
import { Digest, type ProductId } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type CandidateFacts } from '../ranking/candidateFeatures.js'
import { pastFactNames, pastFacts } from '../ranking/pastFacts.js'
import { type Ranker, rankerScores } from '../ranking/ranker.js'
import { Head, Term } from '../ranking/terms.js'
import { type Artifact } from './artifact.js'
import { type Weighted } from './foldIn.js'
import { definitionsOf, standardisedValue } from './investorInput.js'
import { jsonText } from './jsonText.js'
import { dot } from './kernel.js'
import { type Model } from './model.js'
import { doubles, floats, ordinals, tensorOf } from './tensors.js'

/**
 * Several models of the same products, and a ranking stage over what they and the facts say. Tensors of component c are
 * named `c0.…`, `c1.…`, and so on, its metadata is the c-th of `components`. Candidates are nominated by Σ_c r_c (u_c · p_c),
 * r = `retrieval` [components]: an inner product of the concatenated vectors, or where a component gives scores and no
 * vectors the sum of the scores. The ranking stage is
 * `ranker.weights` [heads, terms], its facts `ranker.columns.NAME` [n], `ranker.groups.NAME` [n], and the means and
 * scales by which features are standardised.
 */
const BlendMetadata = z.object({
  components: jsonText.pipe(z.array(z.record(z.string(), z.string())).min(1)),
  terms: jsonText.pipe(z.array(Term)),
  heads: jsonText.pipe(z.array(Head).min(1)),
  investorFeatures: jsonText.pipe(z.array(z.string())),
  pairFeatures: jsonText.pipe(z.array(z.string())),
  featureDigest: Digest,
})

type Past = (investor: InvestorSnapshot) => readonly Weighted[]
type Nominating = Pick<Model, 'dimension' | 'products' | 'embed' | 'scores'>
type Parts = Nominating & { readonly rank: NonNullable<Model['rank']> }

/** Throws an Error that names the part of the file that is wrong. `read` reads a component. */
export function readBlend(
  artifact: Artifact,
  rowOf: ReadonlyMap<ProductId, number>,
  past: Past,
  read: (component: Artifact) => Model,
): Parts {
  const parsed = BlendMetadata.safeParse(artifact.metadata)
  if (!parsed.success) throw new Error(`model file: __metadata__: ${z.prettifyError(parsed.error)}`)
  const components = parsed.data.components.map((metadata, at) => read(componentOf(artifact, metadata, at)))
  const weights = floats(artifact, 'retrieval', [components.length])
  const searched = components.flatMap((model, at) => (weights[at] === 0 ? [] : [{ model, weight: weights[at]! }]))
  if (searched.every(({ model }) => model.dimension === 0 && model.scores === undefined))
    throw new Error('model file: no component that knows an investor has a weight in tensor retrieval')
  const rank = rankStage(artifact, parsed.data, components, rowOf.size, past)
  return { ...nominating(searched, rowOf.size), rank }
}

function nominating(searched: Searched, count: number): Nominating {
  const dimension = searched.reduce((sum, { model }) => sum + model.dimension, 0)
  if (searched.some(({ model }) => model.scores !== undefined)) {
    const rows = Int32Array.from({ length: count }, (_, row) => row)
    const scores: NonNullable<Model['scores']> = (investor, at) => addedScores(searched, investor, at, rows)
    return { dimension: 0, products: new Float32Array(0), embed: () => null, scores }
  }
  return {
    dimension,
    products: sideBySide(searched, count, dimension),
    embed: (investor, at) => concatenated(searched, dimension, investor, at),
  }
}

/** A component as an artifact of its own, over the same products. */
function componentOf({ metadata, tensors }: Artifact, own: Record<string, string>, at: number): Artifact {
  if (own['kind'] === 'blend') throw new Error('model file: a component of a blend cannot be a blend')
  if (own['kind'] === 'item-graph')
    throw new Error('model file: a component of a blend needs vectors, item-graph has none')
  const prefix = `c${at}.`
  const mine = Object.entries(tensors).filter(([name]) => name.startsWith(prefix))
  return {
    metadata: { ...own, format: metadata['format'] ?? '', productIds: metadata['productIds'] ?? '' },
    tensors: Object.fromEntries(mine.map(([name, tensor]) => [name.slice(prefix.length), tensor])),
  }
}

type Searched = readonly { readonly model: Model; readonly weight: number }[]

function sideBySide(searched: Searched, count: number, dimension: number): Float32Array {
  const products = new Float32Array(count * dimension)
  let from = 0
  for (const { model } of searched) {
    for (let row = 0; row < count; row++)
      products.set(model.products.subarray(row * model.dimension, (row + 1) * model.dimension), row * dimension + from)
    from += model.dimension
  }
  return products
}

/** A component that knows nothing of him adds nothing; null where none knows anything. */
function concatenated(
  searched: Searched,
  dimension: number,
  investor: InvestorSnapshot,
  at: Instant,
): Float32Array | null {
  const query = new Float32Array(dimension)
  let from = 0
  let known = false
  for (const { model, weight } of searched) {
    const own = model.embed(investor, at)
    known ||= own !== null
    if (own !== null) for (let i = 0; i < own.length; i++) query[from + i] = weight * own[i]!
    from += model.dimension
  }
  return known ? query : null
}

/** The same where a component has scores and no vectors: [n], or null where none knows anything. */
function addedScores(
  searched: Searched,
  investor: InvestorSnapshot,
  at: Instant,
  rows: Int32Array,
): Float64Array | null {
  let sum: Float64Array | null = null
  for (const { model, weight } of searched) {
    const own = scoresOf(model, investor, at, rows)
    if (own === null) continue
    sum ??= new Float64Array(rows.length)
    for (let row = 0; row < own.length; row++) sum[row] = sum[row]! + weight * own[row]!
  }
  return sum
}

function rankStage(
  artifact: Artifact,
  metadata: z.infer<typeof BlendMetadata>,
  components: readonly Model[],
  count: number,
  past: Past,
): NonNullable<Model['rank']> {
  const { terms, heads } = metadata
  const ranker: Ranker = { terms, heads, weights: doubles(artifact, 'ranker.weights', [heads.length, terms.length]) }
  const investorOf = standardisers(artifact, 'investor', definitionsOf(metadata.investorFeatures))
  const pairOf = standardisers(artifact, 'pair', pairsNamed(metadata.pairFeatures))
  const read = [...definitionsOf(metadata.investorFeatures), ...pairsNamed(metadata.pairFeatures)]
  if (metadata.featureDigest !== featureDigest(read))
    throw new Error('model file: the features that it reads are defined otherwise here; train it anew')
  const columns = named(artifact, 'ranker.columns.', (name) => floats(artifact, name, [count]))
  const groups = named(artifact, 'ranker.groups.', (name) => ordinals(artifact, name, [count]))
  const stage = (investor: InvestorSnapshot, at: Instant, rows: Int32Array, products: readonly Product[]) => {
    const facts: CandidateFacts = {
      rows,
      scores: components.map((model) => scoresOf(model, investor, at, rows)),
      columns,
      groups,
      past: past(investor),
      investor: new Map([
        ...investorOf.map(({ id, value }) => [id, value({ investor, at })] as const),
        ...pastFactsOf(investor, at),
      ]),
      pairs: new Map(
        pairOf.map(({ id, value }) => [id, Float64Array.from(products, (product) => value({ investor, product, at }))]),
      ),
    }
    return rankerScores(ranker, facts)
  }
  requireNamed(terms, components.length, { columns, groups }, metadata)
  return stage
}

const dayMs = 86_400_000

function pastFactsOf({ behaviour: { purchased } }: InvestorSnapshot, at: Instant): ReadonlyMap<string, number> {
  const latest = purchased.reduce((newest, { lastAt }) => Math.max(newest, lastAt), -Infinity)
  return pastFacts(purchased.length, (at - latest) / dayMs)
}

/** What the terms name must be there: a file at fault is refused when it is read, not when it first ranks. */
function requireNamed(
  terms: readonly Term[],
  components: number,
  held: { readonly columns: ReadonlyMap<string, unknown>; readonly groups: ReadonlyMap<string, unknown> },
  { investorFeatures, pairFeatures }: z.infer<typeof BlendMetadata>,
): void {
  for (const term of terms) {
    const there =
      term.of === 'product'
        ? held.columns.has(term.column)
        : term.of === 'same'
          ? held.groups.has(term.group)
          : term.of === 'pair'
            ? pairFeatures.includes(term.feature)
            : term.component < components
    const times = term.times === null || [...investorFeatures, ...pastFactNames].includes(term.times)
    if (!there || !times)
      throw new Error(`model file: the file does not hold what its term ${JSON.stringify(term)} names`)
  }
}

/** [k] the component's own scores, or null where it knows nothing of him. */
function scoresOf(model: Model, investor: InvestorSnapshot, at: Instant, rows: Int32Array): Float64Array | null {
  const { products, dimension, scores } = model
  if (scores !== undefined) {
    const all = scores(investor, at)
    return all === null ? null : Float64Array.from(rows, (row) => all[row]!)
  }
  const query = model.embed(investor, at)
  return query === null ? null : Float64Array.from(rows, (row) => dot(query, 0, products, row * dimension, dimension))
}

const pairsNamed = (ids: readonly string[]): readonly Feature<'pair'>[] =>
  ids.map((id) => {
    const feature = featureById(id)
    if (feature?.entity !== 'pair') throw new Error(`model file: it reads pair feature ${id}, which is not defined`)
    return feature
  })

/** Each feature as a function to its standardised value, 0 where it is unknown. */
function standardisers<E extends 'investor' | 'pair'>(artifact: Artifact, side: E, features: readonly Feature<E>[]) {
  const means = floats(artifact, `ranker.${side}Means`, [features.length])
  const scales = floats(artifact, `ranker.${side}Scales`, [features.length])
  return features.map((feature, column) => ({
    id: `${feature.name}@${feature.version}`,
    value: (context: Parameters<Feature<E>['value']>[0]): number => {
      const value = valueOf(feature, context)
      return value === null ? 0 : standardisedValue(value, means[column]!, scales[column]!)
    },
  }))
}

function named<T>(artifact: Artifact, prefix: string, read: (name: string) => T): ReadonlyMap<string, T> {
  const names = Object.keys(artifact.tensors).filter((name) => name.startsWith(prefix))
  return new Map(names.map((name) => [name.slice(prefix.length), read(tensorOf(artifact, name) && name)]))
}
