import { z } from 'zod'
import { type Artifact, decodeArtifact, encodeArtifact } from '../../engine/model/artifact.js'
import { integerScore } from '../../engine/model/kernel.js'
import { loadModel, type Model } from '../../engine/model/model.js'
import { bestOf } from '../../engine/retrieval/candidates.js'
import { compareIds, type ProductId } from '../../features/schema/ids.js'
import { gini } from '../metrics/gini.js'
import { hasObjectives, reweighted, takesObjectives, withObjectives } from '../objectives/heads.js'
import { noObjectives, ObjectiveWeights } from '../objectives/weights.js'
import { type HoldingExample } from '../models/holding/fit.js'
import { bootstrapMeans, lessColumn } from './bootstrap.js'
import { columnsOf } from './columns.js'
import { meanOf } from './front.js'
import { type Market } from './market.js'
import { Measured } from './measured.js'
import { type Circumstances, type Judged, type Slate } from './slates.js'

/** What a choice of weights costs and gains; means over the judged, suitability on. Null: unknown of all that is shown. */
export const ObjectivePoint = z.strictObject({
  weights: ObjectiveWeights,
  /** Whether the config weighs so. */
  isServed: z.boolean(),
  ndcg: z.number(),
  /** nDCG less that of what is served, paired; null of that itself. */
  change: Measured.nullable(),
  coherence: z.number().nullable(),
  holdingDays: z.number().nullable(),
  return30d: z.number().nullable(),
  companyGini: z.number().nullable(),
  /** Share of what is shown that is of the half of the companies that had sold least before the cut. */
  smallShare: z.number().nullable(),
})
export type ObjectivePoint = z.infer<typeof ObjectivePoint>

/** Of each objective: none, a little, and so much that it shows. */
const tried = [0, 0.3, 1] as const
const names = Object.keys(noObjectives) as (keyof ObjectiveWeights)[]

export type Weighing = {
  /** The candidate as it was judged, fitted before the cut. */
  readonly model: Uint8Array
  readonly weights: ObjectiveWeights
  /** Its slates with suitability on. */
  readonly slates: readonly Slate[]
  /** As known at the cut. */
  readonly holding: readonly HoldingExample[]
}

/**
 * The candidates that `decide` nominated with suitability on, ordered anew under each choice of weights as the engine would
 * (a test holds the two together): to nominate does not depend on the weights. What is served comes first, from its own
 * slates. Empty for a model that takes no objectives, which has no order per investor that they could be added to.
 */
export function objectivePoints(
  { model, weights: served, slates, holding }: Weighing,
  judged: readonly Judged[],
  circumstances: Circumstances,
  measures: { readonly market: Market; readonly seed: number; readonly resamples: number },
): ObjectivePoint[] {
  const { catalogue, cut, k } = circumstances
  const { market } = measures
  const plain = decodeArtifact(model)
  if (!takesObjectives(plain)) return []
  const facts = { products: catalogue.products, asOf: cut, holding }
  const artifact = hasObjectives(plain) ? plain : withObjectives(plain, noObjectives, facts)
  const slatesUnder = orderedUnder(artifact, slates, judged, circumstances)
  const choices = choicesFor(artifact.metadata['holding']?.startsWith('none') === false, served)
  const all = [slates, ...choices.map(slatesUnder)].map((of) => ({ of, columns: columnsOf(of, judged, market, k) }))
  const [own] = all
  const changes = bootstrapMeans(
    all.map(({ columns }) => lessColumn(columns.ndcg, own?.columns.ndcg ?? columns.ndcg)),
    { ...measures, label: 'objectives' },
  )
  return all.map(({ of, columns }, place) => ({
    weights: choices[place - 1] ?? served,
    isServed: place === 0,
    ndcg: meanOf(columns.ndcg) ?? 0,
    change: place === 0 ? null : (changes[place] ?? null),
    coherence: meanOf(columns.coherence),
    holdingDays: meanOf(columns.holdingDays),
    return30d: meanOf(columns.return30d),
    ...exposureOf(of, market),
  }))
}

/** All combinations of what is tried but for what is served. */
function choicesFor(holds: boolean, served: ObjectiveWeights): ObjectiveWeights[] {
  const every = tried.flatMap((coherence) =>
    (holds ? tried : [0]).flatMap((holding) => tried.map((weight) => ({ coherence, holding, return: weight }))),
  )
  return every.filter((one) => names.some((name) => one[name] !== served[name]))
}

/** What is ranked of one investor: ordinals of candidates, their places by id, and [k] scores of each objective. */
type Candidates = {
  readonly ordinals: readonly number[]
  readonly idRank: Int32Array
  readonly base: Float64Array
  readonly added: readonly Float64Array[]
}

/** Scores are linear in the weights, so that one ranking without and one with each of them tell all. */
export function orderedUnder(
  artifact: Artifact,
  slates: readonly Slate[],
  judged: readonly Judged[],
  { catalogue, cut, k }: Circumstances,
): (weights: ObjectiveWeights) => Slate[] {
  const weighing = (weights: ObjectiveWeights): Model => loadModel(encodeArtifact(reweighted(artifact, weights)))
  const plain = weighing(noObjectives)
  const each = names.map((name) => weighing({ ...noObjectives, [name]: 1 }))
  const ranked = slates.map(({ shown, nominated, by }, place): Candidates | null => {
    const snapshot = judged[place]?.snapshot
    const ordinals = nominated.filter((ordinal) => catalogue.products[ordinal] !== undefined)
    if (snapshot === undefined || shown.length === 0 || by === 'popularity') return null
    const products = ordinals.flatMap((ordinal) => catalogue.products[ordinal] ?? [])
    const rows = Int32Array.from(products, ({ id }) => plain.rowOf.get(id) ?? -1)
    const scores = (model: Model): Float64Array => model.rank?.(snapshot, cut, rows, products) ?? new Float64Array()
    const base = scores(plain)
    const added = each.map((model) => scores(model).map((score, at) => score - (base[at] ?? 0)))
    return { ordinals, idRank: placesOf(products.map(({ id }) => id)), base, added }
  })
  return (weights) =>
    ranked.map((of, place) => ({
      ...{ nominated: [], disagreements: 0 },
      shown: of === null ? (slates[place]?.shown ?? []) : firstOf(of, weights, k),
    }))
}

/** The place of each among all by id. */
function placesOf(ids: readonly ProductId[]): Int32Array {
  const places = new Int32Array(ids.length)
  const order = Array.from(ids.keys()).sort((a, b) => compareIds(ids[a] ?? '', ids[b] ?? ''))
  order.forEach((one, place) => (places[one] = place))
  return places
}

/** By the engine's integer scores, ties by id. */
function firstOf({ ordinals, idRank, base, added }: Candidates, weights: ObjectiveWeights, k: number): number[] {
  const sums = base.map((score, at) =>
    names.reduce((sum, name, objective) => sum + weights[name] * (added[objective]?.[at] ?? 0), score),
  )
  const best = bestOf(k, idRank)
  sums.forEach((score, at) => best.offer(at, integerScore(score)))
  return Array.from(best.sorted().rows, (at) => ordinals[at] ?? -1)
}

function exposureOf(slates: readonly Slate[], market: Market): Pick<ObjectivePoint, 'companyGini' | 'smallShare'> {
  const exposures = new Float64Array(market.companies.length)
  let all = 0
  for (const { shown } of slates)
    for (const ordinal of shown) {
      const company = market.company[ordinal] ?? -1
      exposures[company] = (exposures[company] ?? 0) + 1
      all++
    }
  const small = smallHalf(market).reduce((sum, company) => sum + (exposures[company] ?? 0), 0)
  return { companyGini: gini(exposures), smallShare: all === 0 ? null : small / all }
}

/** Indices of the half of the companies, rounded down, that had sold least; ties by id. */
export function smallHalf({ companies, company, buyers }: Market): number[] {
  const sold = new Float64Array(companies.length)
  company.forEach((of, ordinal) => (sold[of] = (sold[of] ?? 0) + (buyers[ordinal] ?? 0)))
  const byId = (a: number, b: number): number => ((companies[a] ?? '') < (companies[b] ?? '') ? -1 : 1)
  return companies
    .map((_, at) => at)
    .sort((a, b) => (sold[a] ?? 0) - (sold[b] ?? 0) || byId(a, b))
    .slice(0, Math.floor(companies.length / 2))
}
