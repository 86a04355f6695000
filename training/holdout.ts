import { type Artifact } from '../engine/model/artifact.js'
import { type Floor } from '../engine/ranking/floor.js'
import { assembleRelease, openRelease, type Release } from '../engine/release.js'
import { foldEvents } from '../features/definitions/behaviour.js'
import { type Interactions as Recorded, interactionTypes } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { unknownProfile } from './examples.js'
import { type ModelConfig } from './models/config.js'
import { levelIn } from './releases.js'

export type Fit = (
  config: ModelConfig,
  known: { readonly catalogue: Catalogue; readonly recorded: Recorded; readonly asOf: Instant },
) => Promise<Artifact>

/** Share of purchases, the latest in time, that the model of the holdout does not see. */
const heldOut = 0.1

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

/** Behaviour as it stood at the cut, under a profile of which nothing is known. */
export function snapshotsOf(before: Recorded, cut: Instant): (id: InvestorId) => InvestorSnapshot {
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
    profile: unknownProfile(id),
    knownAt: cut - 1,
    behaviour: foldEvents(events.get(id) ?? []),
  })
}

/** A release that is nowhere stored: for evaluation. */
export function releaseInMemory(modelBytes: Uint8Array, catalogue: Catalogue, floors?: readonly Floor[]): Release {
  const origin = { runId: null, catalogue: catalogue.digest }
  const parts = assembleRelease(modelBytes, levelIn(catalogue), origin, { floors })
  return openRelease(parts.manifestBytes, (digest) => (digest === parts.manifest.model ? modelBytes : parts.levels))
}
