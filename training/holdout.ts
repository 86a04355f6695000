import { decide } from '../engine/decide.js'
import { type Artifact, encodeArtifact } from '../engine/model/artifact.js'
import { assembleRelease, openRelease, type Release } from '../engine/release.js'
import { type Pack } from '../engine/suitability/pack.js'
import { foldEvents } from '../features/definitions/behaviour.js'
import { type Interactions as Recorded, interactionTypes } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { Investor } from '../features/schema/investor.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { ndcg } from './metrics/ndcg.js'
import { recall } from './metrics/recall.js'
import { type ModelConfig } from './models/config.js'
import { levelIn } from './releases.js'
import { pairsOf } from './serving.js'

export type Fit = (
  config: ModelConfig,
  known: { readonly catalogue: Catalogue; readonly recorded: Recorded; readonly asOf: Instant },
) => Promise<Artifact>

export type HoldoutOptions = {
  /** The catalogue as known strictly before an instant: the holdout's model sees nothing of the products after its cut. */
  readonly catalogueAsOf: (at: Instant) => Promise<Catalogue>
  readonly recorded: Recorded
  readonly config: ModelConfig
  readonly seed: number
  /** Fits what `config` asks for on what was known before `asOf`. */
  readonly fit: Fit
  /** Profiles as known at the cut, for models that read them; blank ones otherwise. */
  readonly profileAt?: (cut: Instant) => Promise<(id: InvestorId) => Investor>
  /** `eval-open`: the question is what the model ranks, not what a rule forbids. */
  readonly pack: Pack
}

/** Share of purchases, the latest in time, that the model of the holdout does not see. */
const heldOut = 0.1
const k = 10

/**
 * nDCG@10 and recall@10 on the latest tenth of the purchases, of a model and of popularity trained on what came before,
 * over the catalogue as it was known then; a product that the investor had bought before, or that was not yet known,
 * does not count. Slates by `decide`. Empty where a figure would mean nothing: fewer than 50 purchases to hold out, no
 * investor who bought something new, or nothing to learn from.
 */
export async function evaluateHoldout(options: HoldoutOptions): Promise<Readonly<Record<string, number>>> {
  const { recorded, catalogueAsOf } = options
  const cut = cutOf(recorded)
  if (cut === null) return {}
  const catalogue = await catalogueAsOf(cut)
  const before = rowsBefore(recorded, cut)
  const relevant = purchasesFrom(recorded, cut, catalogue)
  if (relevant.size === 0 || pairsOf(catalogue, before, 0).items.length === 0) return {}
  const past = snapshotsOf(before, cut, (await options.profileAt?.(cut)) ?? blankProfile)
  const score = (config: ModelConfig) => scoreModel({ ...options, catalogue, config }, before, relevant, past, cut)
  const model = await score(options.config)
  const floor = await score({ kind: 'popularity' })
  return {
    'holdout investors': relevant.size,
    'holdout ndcg@10': model.ndcg,
    'holdout recall@10': model.recall,
    'popularity ndcg@10': floor.ndcg,
    'popularity recall@10': floor.recall,
  }
}

/** The instant from which the latest tenth of the purchases lies; null where that is fewer than 50. */
export function cutOf(recorded: Recorded): Instant | null {
  const purchases = purchaseInstants(recorded)
  if (purchases.length * heldOut < 50) return null
  return purchases[Math.floor(purchases.length * (1 - heldOut))] ?? null
}

const isPurchase = (recorded: Recorded, row: number): boolean =>
  interactionTypes[recorded.rows.type[row] ?? -1] === 'purchase'

const purchaseInstants = (recorded: Recorded): Float64Array =>
  recorded.rows.at.filter((_, row) => isPurchase(recorded, row)).sort()

function rowsBefore(recorded: Recorded, cut: Instant): Recorded {
  const { investor, product, at, knownAt, type } = recorded.rows
  const keep = (_: number, row: number): boolean => (knownAt[row] ?? cut) < cut
  return {
    ...recorded,
    rows: {
      investor: investor.filter(keep),
      product: product.filter(keep),
      at: at.filter(keep),
      knownAt: knownAt.filter(keep),
      type: type.filter(keep),
    },
  }
}

/** By investor, what he bought from the cut on and never before, of a catalogue. */
export function purchasesFrom(
  recorded: Recorded,
  cut: Instant,
  { ordinalOf }: Catalogue,
): ReadonlyMap<InvestorId, ReadonlySet<ProductId>> {
  const owned = new Set<string>()
  const found = new Map<InvestorId, Set<ProductId>>()
  recorded.rows.at.forEach((at, row) => {
    const investor = recorded.investorIds[recorded.rows.investor[row] ?? -1]
    const product = recorded.productIds[recorded.rows.product[row] ?? -1]
    if (!isPurchase(recorded, row) || investor === undefined || product === undefined || !ordinalOf.has(product)) return
    if (at < cut) owned.add(`${investor} ${product}`)
    else if (!owned.has(`${investor} ${product}`))
      found.set(investor, (found.get(investor) ?? new Set<ProductId>()).add(product))
  })
  return found
}

const blankProfile = (id: InvestorId): Investor =>
  Investor.parse({ id, riskAssessment: null, consents: { profiling: true, personalisation: true } })

/** Behaviour as it stood at the cut, beside the profile. */
function snapshotsOf(
  before: Recorded,
  cut: Instant,
  profileOf: (id: InvestorId) => Investor,
): (id: InvestorId) => InvestorSnapshot {
  const events = new Map<InvestorId, { type: 'purchase' | 'view'; productId: ProductId; occurredAt: Instant }[]>()
  before.rows.at.forEach((occurredAt, row) => {
    const investor = before.investorIds[before.rows.investor[row] ?? -1]
    const productId = before.productIds[before.rows.product[row] ?? -1]
    if (investor === undefined || productId === undefined) return
    const list = events.get(investor) ?? []
    list.push({ type: isPurchase(before, row) ? 'purchase' : 'view', productId, occurredAt })
    events.set(investor, list)
  })
  return (id) => ({
    profile: profileOf(id),
    knownAt: cut - 1,
    behaviour: foldEvents(events.get(id) ?? []),
  })
}

async function scoreModel(
  { catalogue, config, seed, pack, fit }: Omit<HoldoutOptions, 'catalogueAsOf'> & { readonly catalogue: Catalogue },
  before: Recorded,
  relevant: ReadonlyMap<InvestorId, ReadonlySet<ProductId>>,
  snapshotOf: (id: InvestorId) => InvestorSnapshot,
  cut: Instant,
): Promise<{ ndcg: number; recall: number }> {
  const artifact = await fit(config, { catalogue, recorded: before, asOf: cut })
  const release = releaseInMemory(encodeArtifact(artifact), catalogue)
  const context = { mode: 'evaluation', scene: 'home', size: k, exclude: [] } as const
  const sums = { ndcg: 0, recall: 0 }
  for (const [id, bought] of relevant) {
    const { outcome } = decide(release, catalogue, pack, snapshotOf(id), context, cut, seed).decision
    const shown = outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId)
    sums.ndcg += ndcg(shown, bought, k)
    sums.recall += recall(shown, bought, k)
  }
  return { ndcg: sums.ndcg / relevant.size, recall: sums.recall / relevant.size }
}

/** A release that is nowhere stored: for evaluation. */
export function releaseInMemory(modelBytes: Uint8Array, catalogue: Catalogue): Release {
  const parts = assembleRelease(modelBytes, levelIn(catalogue), { runId: null, catalogue: catalogue.digest })
  return openRelease(parts.manifestBytes, (digest) => (digest === parts.manifest.model ? modelBytes : parts.levels))
}
