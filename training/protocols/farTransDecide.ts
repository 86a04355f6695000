import { decide } from '../../engine/decide.js'
import { encodeArtifact } from '../../engine/model/artifact.js'
import { investorFeaturesNamed } from '../../engine/model/investorInput.js'
import { assembleRelease, digestOf, openRelease, type Release } from '../../engine/release.js'
import { defaultThresholds } from '../../engine/retrieval/planner.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { investorFeatures } from '../../features/definitions/catalogue.js'
import { featureId } from '../../features/definitions/feature.js'
import { farTransRiskLevel, type FarTransBand } from '../../features/ingest/farTransBands.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { InvestorId, ProductId } from '../../features/schema/ids.js'
import { Investor } from '../../features/schema/investor.js'
import { levelNumber, type ToleranceLevel } from '../../features/schema/levels.js'
import { Product } from '../../features/schema/product.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { formatInstant, type Instant } from '../../features/schema/time.js'
import { datedInteractionsOf } from '../interactions.js'
import { type ModelConfig } from '../models/config.js'
import { fitPairs } from '../models/fitPairs.js'
import { noFeatures, type UserFeatures } from '../models/twoTower/pairs.js'
import { type RecommenderFor } from './farTrans.js'
import { type FarTransSplit, type ToleranceAt } from './farTransFiles.js'
import { type FarTransCustomer } from './farTransScore.js'

const dayMs = 86_400_000
const toleranceLevels: readonly ToleranceLevel[] = ['C1', 'C2', 'C3', 'C4']

/** What is fitted at a split's time point, and the catalogue of its eligible assets. */
type Fitted = { readonly release: Release; readonly catalogue: Catalogue }
type Fit = (split: FarTransSplit, bandOf: ReadonlyMap<string, number>, toleranceAt: ToleranceAt) => Promise<Fitted>

/** Fits a model once a split, however many packs it is then scored under. */
export function fitOnce(config: ModelConfig, seed: number): Fit {
  const fitted = new Map<string, Promise<Fitted>>()
  return (split, bandOf, toleranceAt) => {
    const known = fitted.get(split.label) ?? fitSplit(config, seed, split, bandOf, toleranceAt)
    fitted.set(split.label, known)
    return known
  }
}

async function fitSplit(
  config: ModelConfig,
  seed: number,
  split: FarTransSplit,
  bandOf: ReadonlyMap<string, number>,
  toleranceAt: ToleranceAt,
): Promise<Fitted> {
  const { interactions, userIds } = datedInteractionsOf(split.train, split.ages, split.eligible)
  const catalogue = catalogueOf([...split.eligible].sort(), bandOf, instantOf(split))
  const users = config.kind === 'two-tower' ? featuresOf(userIds, split.timePoint, toleranceAt) : noFeatures
  const artifact = await fitPairs(interactions, config, seed, { users })
  return {
    release: releaseOf(encodeArtifact(artifact), catalogue, config.kind === 'blend' ? config.depth : 100),
    catalogue,
  }
}

const instantOf = ({ timePoint }: FarTransSplit): Instant => Date.parse(`${timePoint}T00:00:00Z`)

/**
 * Recommends through `engine/decide`, as serving does: the model becomes a release, the split's eligible assets are
 * the catalogue, the pack (`eval-band` or `eval-open`) permits, owned assets are excluded, a refusal is an empty slate.
 */
export function decideRecommender(
  config: ModelConfig,
  seed: number,
  pack: Pack,
  fit: Fit = fitOnce(config, seed),
): RecommenderFor {
  // The pairs that a tower is fitted to have no dates, and so its bag gets none.
  const dated = config.kind !== 'two-tower'
  return async (split, _customers, bandOf, toleranceAt) => {
    const { release, catalogue } = await fit(split, bandOf, toleranceAt)
    const at = instantOf(split)
    return (customer) => {
      const exclude = [...customer.owned].map((isin) => ProductId.parse(isin))
      const context = { mode: 'evaluation', scene: 'home', size: 10, exclude } as const
      const investor = snapshotOf(customer, at, dated)
      const { decision, disagreements } = decide(release, catalogue, pack, investor, context, at, seed)
      if (disagreements.length > 0)
        throw new Error(`split ${split.label}: compiled rules and reference evaluator disagree; the compiler has a bug`)
      return decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate.map(({ productId }) => productId)
    }
  }
}

/** What a profile alone tells of each customer as of the split: his level, strictly before its day. */
function featuresOf(userIds: readonly string[], timePoint: string, toleranceAt: ToleranceAt): UserFeatures {
  const at = Date.parse(`${timePoint}T00:00:00Z`)
  const names = investorFeatures
    .filter(({ reads }) => reads.every((source) => source.startsWith('investor.profile')))
    .map(featureId)
  const raw = investorFeaturesNamed(names)
  const values = new Float32Array(userIds.length * names.length)
  userIds.forEach((id, user) => {
    const tolerance = toleranceAt(id, timePoint)
    const customer = {
      id,
      band: tolerance?.band ?? null,
      basis: tolerance?.basis ?? null,
      owned: new Set<string>(),
      ages: new Map<string, number>(),
    }
    values.set(raw(snapshotOf(customer, at, false), at), user * names.length)
  })
  return { names, values }
}

function catalogueOf(isins: readonly string[], bandOf: ReadonlyMap<string, number>, at: Instant): Catalogue {
  const products = isins.map((isin) => productOf(isin, (bandOf.get(isin) ?? 2) as FarTransBand, at - dayMs))
  return {
    revision: 1,
    knownBefore: at,
    digest: digestOf(new TextEncoder().encode(JSON.stringify(products))),
    products,
    ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])),
  }
}

/** Of an asset the protocol gives a band alone; what else a product must have is said to be assumed. */
const productOf = (isin: string, band: FarTransBand, knownAt: Instant): Product =>
  Product.parse({
    id: isin,
    companyId: 'far-trans',
    companyName: 'FAR-Trans',
    name: { 'zh-CN': isin },
    kind: 'structured',
    currency: 'EUR',
    rating: { level: farTransRiskLevel(band), basis: 'band', ratedAt: formatInstant(knownAt) },
    status: 'open',
    statusSource: 'assumed',
    statusAt: formatInstant(knownAt),
  })

/** `k`: candidates, as many as a ranking stage learnt from. */
function releaseOf(modelBytes: Uint8Array, catalogue: Catalogue, k: number): Release {
  const levelOf = (id: ProductId): number => {
    const rating = catalogue.products[catalogue.ordinalOf.get(id) ?? -1]?.rating ?? null
    return rating === null ? 0 : levelNumber(rating.level)
  }
  const origin = { runId: null, catalogue: catalogue.digest }
  const parts = assembleRelease(modelBytes, levelOf, origin, { thresholds: { ...defaultThresholds, k } })
  return openRelease(parts.manifestBytes, (digest) => (digest === parts.manifest.model ? modelBytes : parts.levels))
}

/** His level is known, the day of his questionnaire is not: it is set to the day before, which no pack here looks at. */
function snapshotOf(customer: FarTransCustomer, at: Instant, dated: boolean): InvestorSnapshot {
  const { id, band, basis, owned, ages } = customer
  const level = band === null ? undefined : toleranceLevels[band]
  const assessedAt = formatInstant(at - dayMs)
  const profile = Investor.parse({
    id,
    riskAssessment:
      level === undefined
        ? null
        : { level, assessedAt, questionnaireVersion: 'far-trans', basis: basis ?? 'predicted' },
    consents: { profiling: true, personalisation: true },
  })
  const ageOf = (isin: string): number => (dated ? (ages.get(isin) ?? 1) : 1)
  const purchased = [...owned]
    .map((isin) => ({ productId: ProductId.parse(isin), count: 1, lastAt: at - Math.round(ageOf(isin) * dayMs) }))
    .sort((a, b) => b.lastAt - a.lastAt)
  return {
    profile: { ...profile, id: InvestorId.parse(id) },
    knownAt: at - dayMs,
    behaviour: { purchased, viewed: [] },
  }
}
