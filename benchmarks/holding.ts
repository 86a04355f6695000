import { readFileSync } from 'node:fs'
import { decide } from '../engine/decide.js'
import { encodeArtifact } from '../engine/model/artifact.js'
import { standardisedInput } from '../engine/model/investorInput.js'
import { type Release } from '../engine/release.js'
import { type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { investorVector } from '../features/definitions/vectors.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { dayNumber, type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from '../simulation/options.js'
import { examplesOf } from '../training/examples.js'
import { purchasesFrom, releaseInMemory } from '../training/holdout.js'
import { ndcg } from '../training/metrics/ndcg.js'
import { type ModelConfig } from '../training/models/config.js'
import { investorIds } from '../training/models/holding/columns.js'
import { fitHolding, type HoldingExample, type HoldingModel } from '../training/models/holding/fit.js'
import { type HoldingHead, holdingHead } from '../training/models/holding/head.js'
import { trainForServing } from '../training/serving.js'
import { heldMarket, type HeldMarket } from './holdingMarket.js'
import { firstPurchases, trueHolding } from './holdingTruth.js'
import { endDay, packFile } from './marketHoldout.js'

const dayMs = 86_400_000
export const horizonDays = 180
const k = 10
/** Most that a decision gives; the head orders them anew. */
const nominated = 50
/** Facts of products are as they were at the latest of these before a purchase. */
const catalogueEveryDays = 60

/** One investor of one market at one weight of the head. */
export type HoldingScore = {
  readonly weight: number
  /** nDCG@10 of what he newly bought in the 180 days after; null: nothing. */
  readonly ndcg: number | null
  /** Mean over what is shown of the days, of 180, for which he would hold it. */
  readonly days: number
}

export type HoldingTrial = { readonly model: HoldingModel; readonly scores: readonly HoldingScore[] }

/** A market cut 180 days before its end: model and head are fitted on what was known then. */
export async function holdingTrial(
  options: Omit<SimulationOptions, 'endDay'>,
  config: ModelConfig,
  weights: readonly number[],
): Promise<HoldingTrial> {
  const market = await heldMarket({ ...options, endDay })
  const cutDay = dayNumber(endDay) - horizonDays
  const cut = cutDay * dayMs
  const catalogue = market.catalogueAt(cut)
  const recorded = market.recordedAt(cut)
  const { artifact } = trainForServing({ catalogue, recorded, config, seed: options.seed, asOf: cut })
  const release = releaseInMemory(encodeArtifact(artifact), catalogue)
  const fitted = fitHolding(holdingExamples(market, cut))
  if (!fitted.fitted) throw new Error(`holding: ${fitted.because}`)
  const head = holdingHead(fitted.model, catalogue.products, cut)
  const pack = readPack(readFileSync(packFile('eval-band')), 'eval-band.yaml')
  const bought = purchasesFrom(market.recordedAt(Infinity), cut, catalogue)
  const scores = [...market.profiles.keys()].flatMap((id) => {
    const snapshot = market.snapshotAt(id, cut)
    const candidates = candidatesOf(release, catalogue, pack, snapshot, cut, options.seed)
    if (candidates.length < k) return []
    const orders = weights.map((weight) =>
      ordered(candidates, headScores(head, catalogue, snapshot, cut, candidates), weight),
    )
    return orders.map((shown, at) => scoreOf(market, weights[at] ?? 0, shown.slice(0, k), bought.get(id), id, cutDay))
  })
  return { model: fitted.model, scores }
}

/** First purchases known at the cut, everything as it was known when he bought. */
function holdingExamples(market: HeldMarket, cut: Instant): HoldingExample[] {
  const durations = firstPurchases(market.events, cut)
  const catalogues = new Map<number, Catalogue>()
  const catalogueOf = (at: Instant): Catalogue => {
    const from = Math.floor(at / (catalogueEveryDays * dayMs)) * catalogueEveryDays * dayMs
    const known = catalogues.get(from) ?? market.catalogueAt(from)
    catalogues.set(from, known)
    return known
  }
  return [...examplesOf({ recorded: market.recordedAt(cut), profiles: market.profiles })].flatMap(
    ({ productId, at, investor }) => {
      const { products, ordinalOf } = catalogueOf(at)
      const product = products[ordinalOf.get(productId) ?? -1]
      const duration = durations.get(`${investor.profile.id} ${productId} ${at}`)
      return product === undefined || duration === undefined ? [] : [{ investor, product, at, ...duration }]
    },
  )
}

type Candidate = { readonly productId: ProductId; readonly score: number }

function candidatesOf(
  release: Release,
  catalogue: Catalogue,
  pack: Pack,
  snapshot: InvestorSnapshot,
  cut: Instant,
  seed: number,
): readonly Candidate[] {
  const context = { mode: 'evaluation', scene: 'home', size: nominated, exclude: [] } as const
  const { outcome } = decide(release, catalogue, pack, snapshot, context, cut, seed).decision
  return outcome.kind === 'refusal' ? [] : outcome.slate
}

/** [candidates] the head's terms, weighted, as the ranking stage of a blend does it. */
function headScores(
  { terms, weights, columns, investor }: HoldingHead,
  { ordinalOf }: Catalogue,
  snapshot: InvestorSnapshot,
  at: Instant,
  candidates: readonly Candidate[],
): Float64Array {
  const vector = investorVector(snapshot, at)
  const raw = Float32Array.from(investor.ids, (id) => vector[investorIds.indexOf(id)] ?? Number.NaN)
  const traits = standardisedInput([...raw], investor.means, investor.scales)
  return Float64Array.from(candidates, ({ productId }) => {
    const row = ordinalOf.get(productId) ?? -1
    return terms.reduce((sum, { column, times }, term) => {
      const factor = times === null ? 1 : (traits[investor.ids.indexOf(times)] ?? Number.NaN)
      return sum + (weights[term] ?? Number.NaN) * (columns[column]?.[row] ?? Number.NaN) * factor
    }, 0)
  })
}

/** By the z-score of the model plus `weight` times the head's log odds. */
function ordered(candidates: readonly Candidate[], head: Float64Array, weight: number): readonly ProductId[] {
  const mean = candidates.reduce((sum, { score }) => sum + score, 0) / candidates.length
  const variance = candidates.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / candidates.length
  const scale = variance > 0 ? Math.sqrt(variance) : 1
  return candidates
    .map(({ productId, score }, place) => ({
      productId,
      place,
      score: (score - mean) / scale + weight * (head[place] ?? 0),
    }))
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .map(({ productId }) => productId)
}

function scoreOf(
  { simulation }: HeldMarket,
  weight: number,
  shown: readonly ProductId[],
  bought: ReadonlySet<ProductId> | undefined,
  id: InvestorId,
  cutDay: number,
): HoldingScore {
  const index = Number(id.slice(-6)) - 1
  const days = shown.map((productId) =>
    trueHolding(simulation, index, simulation.supply.ids.indexOf(productId), cutDay, horizonDays),
  )
  return {
    weight,
    ndcg: bought === undefined ? null : ndcg(shown, bought, k),
    days: days.reduce((sum, one) => sum + one, 0) / days.length,
  }
}
