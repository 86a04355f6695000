import { type Artifact, type Tensor } from '../../engine/model/artifact.js'
import { Head, Term } from '../../engine/ranking/terms.js'
import { featureById } from '../../features/definitions/catalogue.js'
import { featureDigest } from '../../features/definitions/featureDigest.js'
import { return12m } from '../../features/definitions/product/navReturn.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type Product } from '../../features/schema/product.js'
import { type Instant } from '../../features/schema/time.js'
import { blendArtifact, nothingRead, type Standardised } from '../models/blend.js'
import { standardised } from '../models/holding/columns.js'
import { fitHolding, type HoldingExample } from '../models/holding/fit.js'
import { type HoldingHead, holdingHead } from '../models/holding/head.js'
import { scalingOf } from '../models/twoTower/scaling.js'
import { type ObjectiveWeights } from './weights.js'

/** What is known at the fit of the products, in the order of the model's rows, and of how long purchases were held. */
export type ObjectiveFacts = {
  readonly products: readonly Product[]
  readonly asOf: Instant
  readonly holding: readonly HoldingExample[]
}

/** One objective as the ranking stage (engine/ranking) adds it. */
type Objective = {
  readonly name: keyof ObjectiveWeights
  readonly terms: readonly Extract<Term, { of: 'product' }>[]
  /** [terms] */
  readonly weights: readonly number[]
  /** [n] each, by name. */
  readonly columns: Readonly<Record<string, Float32Array>>
}

const own: Head = { name: 'score', weight: 1, normalised: true }
const kindsWithout: ReadonlySet<string> = new Set(['popularity', 'item-graph'])

/** Whether a ranking stage can stand over a model: it knows investors, and has vectors or scores that a blend takes. */
export const takesObjectives = ({ metadata }: Artifact): boolean => !kindsWithout.has(metadata['kind'] ?? '')

export const hasObjectives = (artifact: Artifact): boolean => headsOf(artifact).some(({ name }) => name === 'coherence')

/**
 * A model with a head for each objective, weighted: of a blend beside its own heads, of any other as a blend of that one
 * model, z(score) + Σ weight · objective. Candidates are nominated as before, and what is nominated is ordered anew.
 * Coherence is −(C − R)², in levels; it needs no distance of pairs, for −R² + 2CR orders the products of one investor
 * alike. Holding is left out where too little is known of it, which the metadata say.
 */
export function withObjectives(artifact: Artifact, weights: ObjectiveWeights, facts: ObjectiveFacts): Artifact {
  if (!takesObjectives(artifact))
    throw new Error(
      `objectives: a model of kind ${artifact.metadata['kind']} takes none; want one that knows investors`,
    )
  const fitted = fitHolding(facts.holding)
  const held = fitted.fitted ? holdingHead(fitted.model, facts.products, facts.asOf) : null
  const investor = held?.investor ?? { ids: [tolerance], means: Float32Array.of(middle), scales: Float32Array.of(1) }
  const objectives = [
    coherence(facts.products, investor),
    returns(facts),
    ...(held === null ? [] : [holdingObjective(held)]),
  ]
  const staged = artifact.metadata['kind'] === 'blend' ? artifact : alone(artifact)
  const said = fitted.fitted ? JSON.stringify(fitted.model.check) : `none: ${fitted.because}`
  return reweighted(appended(staged, objectives, investor, said), weights)
}

/** The same model with other weights of its objectives; of one that it does not have nothing changes. */
export function reweighted(artifact: Artifact, weights: ObjectiveWeights): Artifact {
  const by: Readonly<Record<string, number>> = weights
  const heads = headsOf(artifact).map((head) => ({ ...head, weight: by[head.name] ?? head.weight }))
  return { ...artifact, metadata: { ...artifact.metadata, heads: JSON.stringify(heads) } }
}

const headsOf = ({ metadata }: Artifact): Head[] => Head.array().parse(JSON.parse(metadata['heads'] ?? '[]'))

/** On what it was fitted stays said. */
function alone(artifact: Artifact): Artifact {
  const { backend, viewWeight = '0' } = artifact.metadata
  const { metadata, tensors } = blendArtifact({
    components: [artifact],
    retrieval: [1],
    ranker: { terms: [{ of: 'score', component: 0, times: null }], heads: [own], weights: Float64Array.of(1) },
    ...{ columns: {}, groups: {}, investor: nothingRead, pair: nothingRead },
    viewWeight: Number(viewWeight),
  })
  return { metadata: { ...metadata, ...(backend !== undefined && { backend }) }, tensors }
}

const tolerance = 'tolerance_level@1'
/** Levels are counted from it, so that no investor's is cut. */
const middle = 3

/** (c − 3) = scale · z + mean − 3, whatever the investor's level c is standardised by to z. */
function coherence(products: readonly Product[], { ids, means, scales }: Standardised): Objective {
  const place = ids.indexOf(tolerance)
  const [mean, scale] = [means[place] ?? middle, scales[place] ?? 1]
  const level = Float32Array.from(products, ({ rating }) => (rating === null ? 0 : levelNumber(rating.level) - middle))
  const term = (column: string, times: string | null) => ({ of: 'product', column, times }) as const
  return {
    name: 'coherence',
    terms: [term('levelSquared', null), term('level', null), term('level', tolerance)],
    weights: [-1, 2 * (mean - middle), 2 * scale],
    columns: { levelSquared: level.map((of) => of * of), level },
  }
}

/** Unknown is the mean. */
function returns({ products, asOf }: ObjectiveFacts): Objective {
  const known = Float32Array.from(products, (product) => return12m.value({ product, at: asOf }) ?? Number.NaN)
  const scaling = scalingOf([known], 1)
  const column = Float32Array.from(known, (value) => standardised(Float32Array.of(value), scaling)[0] ?? 0)
  return {
    name: 'return',
    terms: [{ of: 'product', column: 'return12m', times: null }],
    weights: [1],
    columns: { return12m: column },
  }
}

const holdingObjective = ({ terms, weights, columns }: HoldingHead): Objective => ({
  name: 'holding',
  ...{ terms, weights: [...weights], columns },
})

/** A blend with further terms, and a head for each objective, of the weight 0. */
function appended(
  { metadata, tensors }: Artifact,
  objectives: readonly Objective[],
  investor: Standardised,
  holding: string,
): Artifact {
  if (metadata['investorFeatures'] !== '[]' || metadata['pairFeatures'] !== '[]')
    throw new Error('objectives: the blend reads features already; fit it without')
  const terms = Term.array().parse(JSON.parse(metadata['terms'] ?? '[]'))
  const heads = headsOf({ metadata, tensors })
  const [width, more] = [terms.length, objectives.flatMap((one) => one.terms)]
  const weights = new Float64Array((heads.length + objectives.length) * (width + more.length))
  const put = (head: number, from: number, row: ArrayLike<number>): void =>
    weights.set(row, head * (width + more.length) + from)
  const before = (tensors['ranker.weights']?.data ?? []) as Float64Array
  heads.forEach((_, head) => put(head, 0, before.subarray(head * width, (head + 1) * width)))
  let from = width
  objectives.forEach((one, place) => {
    put(heads.length + place, from, one.weights)
    from += one.terms.length
  })
  const columns = Object.entries(Object.assign({}, ...objectives.map((one) => one.columns)) as Objective['columns'])
  return {
    metadata: {
      ...metadata,
      terms: JSON.stringify([...terms, ...more]),
      heads: JSON.stringify([...heads, ...objectives.map(({ name }) => ({ name, weight: 0, normalised: false }))]),
      investorFeatures: JSON.stringify(investor.ids),
      featureDigest: featureDigest(investor.ids.flatMap((id) => featureById(id) ?? [])),
      holding,
    },
    tensors: {
      ...tensors,
      'ranker.weights': { shape: [heads.length + objectives.length, width + more.length], data: weights },
      'ranker.investorMeans': row(investor.means),
      'ranker.investorScales': row(investor.scales),
      ...Object.fromEntries(columns.map(([name, data]) => [`ranker.columns.${name}`, row(data)])),
    },
  }
}

const row = (data: Tensor['data']): Tensor => ({ shape: [data.length], data })
