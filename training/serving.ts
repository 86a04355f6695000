import { createHash } from 'node:crypto'
import { type Artifact } from '../engine/model/artifact.js'
import { segmentAt, segmentCounts } from '../engine/model/segments.js'
import { type Interactions as Recorded, interactionTypes } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Instant } from '../features/schema/time.js'
import { noBehaviour } from '../features/schema/behaviour.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { rowsWhere } from './rowsBefore.js'
import { type Curve, curveOf } from './curves.js'
import { interactionsOf, type Interactions, itemsOf, userCount } from './interactions.js'
import { withColdProducts } from './models/coldProducts.js'
import { type AutoConfig, type ModelConfig, type PopularityConfig } from './models/config.js'
import { fitContent } from './models/content.js'
import { fitEase } from './models/ease.js'
import { type HoldingExample } from './models/holding/fit.js'
import { fitItemKnn } from './models/itemKnn.js'
import { fitIals, type Progress } from './models/ials.js'
import { fitBlendPairs } from './models/ranker/blendPairs.js'
import { fitPopularity, itemCounts } from './models/popularity.js'
import { fitSegmentPopularity } from './models/segmentPopularity.js'
import { fitSpectral } from './models/spectral.js'
import { standardised } from './models/standardised.js'
import { withObjectives } from './objectives/heads.js'
import { objectivesOf, weighsAny } from './objectives/weights.js'

export type ServingExamples = {
  readonly catalogue: Catalogue
  /** What was known before `asOf`: `History.interactions(asOf)`. */
  readonly recorded: Recorded
  readonly config: ModelConfig
  readonly seed: number
  readonly asOf: Instant
  /** Each investor's newest known profile, for popularity by segments; of whom there is none, he is of no segment. */
  readonly profiles?: ReadonlyMap<InvestorId, Investor>
  /** Of a config that weighs objectives: how long purchases were held. */
  readonly holding?: readonly HoldingExample[]
  readonly onProgress?: Progress
}

export type Trained = {
  readonly artifact: Artifact
  /** The config of the model that was fitted: `auto` is resolved. */
  readonly config: Exclude<ModelConfig, AutoConfig>
  /** Why this model, in one sentence. */
  readonly because: string
  /** SHA-256 over the catalogue's digest and every row learnt from. */
  readonly dataDigest: string
  /** What the fit minimised; null where it is done in one step. */
  readonly curve: Curve | null
  readonly counts: {
    readonly investors: number
    readonly products: number
    readonly pairs: number
    readonly warmProducts: number
  }
}

/**
 * Trains the model that serves: every product of the catalogue has a row in it. Under iALS a product without
 * interactions gets the vector that its features suggest (coldProducts.ts). Throws a RangeError for an empty catalogue,
 * an Error where iALS is asked for and there is nothing to learn from, and for two-tower, which twoTower.ts trains.
 */
export function trainForServing(examples: ServingExamples): Trained {
  const { catalogue, recorded, config, asOf } = examples
  const chosen = chooseModel(config, catalogue, recorded)
  const viewWeight = chosen.config.kind === 'popularity' ? 0 : chosen.config.viewWeight
  const interactions = datedPairsOf(catalogue, recorded, viewWeight, asOf)
  const objectives: number[] = []
  const told = (objective: number): void => void objectives.push(objective)
  const artifact = fit(examples, interactions, chosen.config, told)
  return {
    artifact: weighed(artifact, chosen.config, examples),
    ...chosen,
    curve: curveOf('objective', 'iteration', objectives),
    dataDigest: digestOfData(catalogue, interactions, readsDates(chosen.config) ? recorded.rows.at : null),
    counts: {
      investors: userCount(interactions),
      products: catalogue.products.length,
      pairs: interactions.items.length,
      warmProducts: new Set(interactions.items).size,
    },
  }
}

/** A model of a catalogue with the objectives that its config weighs; as it is where that weighs none. */
export const weighed = (
  artifact: Artifact,
  config: ModelConfig,
  { catalogue, asOf, holding = [] }: Pick<ServingExamples, 'catalogue' | 'asOf' | 'holding'>,
): Artifact =>
  weighsAny(config)
    ? withObjectives(artifact, objectivesOf(config), { products: catalogue.products, asOf, holding })
    : artifact

/** Rows of investors over the catalogue's ordinals: purchases at weight 1, mere views at `viewWeight`, 0 leaves out. */
export function pairsOf(catalogue: Catalogue, recorded: Recorded, viewWeight: number): Interactions {
  const { itemIds, offsets, items, weights } = datedPairsOf(catalogue, recorded, viewWeight, 0)
  return { itemIds, offsets, items, weights }
}

const dayMs = 86_400_000

/** The same with dates: a pair is as old at `asOf` as its first purchase, and where there is none as its first view. */
export function datedPairsOf(
  catalogue: Catalogue,
  recorded: Recorded,
  viewWeight: number,
  asOf: Instant,
): Interactions {
  const ordinals = recorded.productIds.map((id) => catalogue.ordinalOf.get(id) ?? -1)
  const users = recorded.investorIds.map(() => ({
    weights: new Map<number, number>(),
    ages: new Map<number, number>(),
    purchases: [] as number[],
  }))
  const purchase = interactionTypes.indexOf('purchase')
  // The rows of an investor come by time: the first of the greatest weight stays.
  recorded.rows.investor.forEach((investor, at) => {
    const ordinal = ordinals[recorded.rows.product[at] ?? -1] ?? -1
    const isPurchase = recorded.rows.type[at] === purchase
    const weight = isPurchase ? 1 : viewWeight
    const [user, age] = [users[investor], (asOf - (recorded.rows.at[at] ?? Number.NaN)) / dayMs]
    if (user === undefined) return
    if (isPurchase) user.purchases.push(age)
    if (ordinal < 0 || weight <= (user.weights.get(ordinal) ?? 0)) return
    user.weights.set(ordinal, weight)
    user.ages.set(ordinal, age)
  })
  const known = users.filter(({ weights }) => weights.size > 0)
  const pairs = interactionsOf(
    catalogue.products.map(({ id }) => id),
    known.map(({ weights }) => weights),
  )
  const ages = known.flatMap((user, row) => Array.from(itemsOf(pairs, row), (item) => user.ages.get(item) ?? 0))
  return { ...pairs, ages: Float32Array.from(ages), purchases: inRows(known.map(({ purchases }) => purchases)) }
}

function inRows(rows: readonly (readonly number[])[]): NonNullable<Interactions['purchases']> {
  const offsets = new Int32Array(rows.length + 1)
  rows.forEach((row, at) => (offsets[at + 1] = (offsets[at] ?? 0) + row.length))
  return { offsets, ages: Float32Array.from(rows.flat()) }
}

/** What `auto` comes to over the interactions of a catalogue, and why; any other config is itself. */
export function chooseModel(
  config: ModelConfig,
  catalogue: Catalogue,
  recorded: Recorded,
): Pick<Trained, 'config' | 'because'> {
  if (config.kind !== 'auto') return { config, because: `the config asks for ${config.kind}` }
  const { objectives, exposure } = config
  const beside = { ...(objectives && { objectives }), ...(exposure && { exposure }) }
  const interactions = pairsOf(catalogue, recorded, config.ials.viewWeight)
  const pairs = interactions.items.length
  let investors = 0
  for (let user = 0; user < userCount(interactions); user++) if (itemsOf(interactions, user).length > 1) investors++
  const has = `${pairs} pairs, ${investors} investors with two products and more`
  if (pairs >= config.minPairs && investors >= config.minInvestors)
    return { config: { ...config.ials, ...beside }, because: `${has}: enough for iALS` }
  return {
    config: { ...config.content, ...beside },
    because: `${has}: fewer than the ${config.minPairs} and ${config.minInvestors} that iALS needs`,
  }
}

function fit(
  examples: ServingExamples,
  interactions: Interactions,
  config: Trained['config'],
  told: (objective: number) => void,
): Artifact {
  const { catalogue, seed, asOf, onProgress } = examples
  if (config.kind === 'popularity') return popularityOf(examples, interactions, config)
  if (config.kind === 'ease') return fitEase(interactions, config)
  if (config.kind === 'item-knn') return fitItemKnn(interactions, config)
  if (config.kind === 'blend') return fitBlendPairs(interactions, config)
  if (config.kind === 'imported')
    throw new Error('an imported model cannot be fitted here: "aptus models import" registers it')
  if (config.kind === 'two-tower')
    throw new Error('two-tower: it learns from profiles too and needs a backend; train it by trainTwoTower')
  if (config.kind === 'content') return fitContent(catalogue.products, itemCounts(interactions), asOf, config)
  if (config.kind === 'spectral') return fitSpectral(interactions, config, seed)
  const warm = [...new Set(interactions.items)].sort((a, b) => a - b)
  const model = fitIals(restrictedTo(interactions, warm), config, seed, onProgress, told)
  const { matrix } = standardised(catalogue.products, asOf)
  return withColdProducts(model, matrix, warm, interactions.itemIds)
}

/** Where the config has segments, each is learnt from the investors who are of it at the fit. */
function popularityOf(
  { catalogue, recorded, asOf, profiles }: ServingExamples,
  interactions: Interactions,
  config: PopularityConfig,
): Artifact {
  const { segments } = config
  if (segments === undefined) return fitPopularity(interactions, config)
  const segmentOf = recorded.investorIds.map((id) => {
    const profile = profiles?.get(id)
    const investor = profile && { profile, knownAt: asOf, behaviour: noBehaviour }
    return investor ? segmentAt(segments.by, investor, asOf) : null
  })
  const parts = Array.from({ length: segmentCounts[segments.by] }, (_, segment) => {
    const own = rowsWhere(recorded, (row) => segmentOf[recorded.rows.investor[row] ?? -1] === segment)
    return datedPairsOf(catalogue, own, 0, asOf)
  })
  return fitSegmentPopularity(interactions, parts, segments.by, { ...config, segments })
}

/** The same pairs over the items that have one; `warm` ascends. */
function restrictedTo(interactions: Interactions, warm: readonly number[]): Interactions {
  const place = new Map(warm.map((item, at) => [item, at]))
  return {
    ...interactions,
    itemIds: warm.map((item) => interactions.itemIds[item] ?? ''),
    items: interactions.items.map((item) => place.get(item) ?? -1),
  }
}

const dateFields: ReadonlySet<string> = new Set(['halfLifeDays', 'popularityHalfLifeDays', 'windowDays'])

const readsDates = (config: Trained['config']): boolean =>
  config.kind === 'blend' || Object.entries(config).some(([name, value]) => dateFields.has(name) && value !== undefined)

/** `dates`: of all rows, where the model reads any; not ages, so that the same rows are the same data on another day. */
function digestOfData(
  catalogue: Catalogue,
  { offsets, items, weights }: Interactions,
  dates: Float64Array | null,
): string {
  const hash = createHash('sha256').update(catalogue.digest)
  for (const numbers of [offsets, items, weights ?? new Float32Array(), dates ?? new Float64Array()])
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
  return `sha256:${hash.digest('hex')}`
}
