import { foldEvents } from '../features/definitions/behaviour.js'
import { type Interactions as Recorded, interactionTypes } from '../features/history/port.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Event } from '../features/schema/event.js'
import { type Digest, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorRecord, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from '../simulation/options.js'
import { run, spanOf } from '../simulation/simulateMarket.js'
import { openSimulation, type Simulation } from '../simulation/simulation.js'
import { unknownProfile } from '../training/examples.js'

/** A market kept in memory, with what it keeps to itself. */
export type HeldMarket = {
  readonly simulation: Simulation
  /** By time. */
  readonly events: readonly Event[]
  readonly profiles: ReadonlyMap<InvestorId, readonly InvestorRecord[]>
  /** As known strictly before an instant. */
  readonly catalogueAt: (at: Instant) => Catalogue
  readonly recordedAt: (at: Instant) => Recorded
  readonly snapshotAt: (id: InvestorId, at: Instant) => InvestorSnapshot
}

export async function heldMarket(options: SimulationOptions): Promise<HeldMarket> {
  const events: Event[] = []
  const profiles = new Map<InvestorId, InvestorRecord[]>()
  const revisions: { readonly changes: readonly Product[]; readonly knownAt: Instant }[] = []
  const done = Promise.resolve()
  const sink: Sink = {
    investors: (records) => {
      for (const record of records) profiles.set(record.value.id, [...(profiles.get(record.value.id) ?? []), record])
      return done
    },
    events: (records) => {
      for (const { value } of records) events.push(value)
      return done
    },
    products: (changes, knownAt) => {
      revisions.push({ changes, knownAt })
      return done
    },
    navs: () => done,
  }
  const span = spanOf(options)
  const simulation = openSimulation(options, span, sink)
  await run(simulation, span, sink)
  const byInvestor = new Map<InvestorId, Event[]>()
  for (const event of events) byInvestor.set(event.investorId, [...(byInvestor.get(event.investorId) ?? []), event])
  return {
    simulation,
    events,
    profiles,
    catalogueAt: (at) => catalogueAt(revisions, at),
    recordedAt: (at) => recordedAt(byInvestor, at),
    snapshotAt: (id, at) => {
      const profile = profiles.get(id)?.findLast(({ knownAt }) => knownAt < at)
      const past = (byInvestor.get(id) ?? []).filter(({ occurredAt }) => occurredAt < at)
      const behaviour = foldEvents(past.filter(({ type }) => type === 'view' || type === 'purchase'))
      return { profile: profile?.value ?? unknownProfile(id), knownAt: profile?.knownAt ?? at - 1, behaviour }
    },
  }
}

type Revision = { readonly changes: readonly Product[]; readonly knownAt: Instant }

function catalogueAt(revisions: readonly Revision[], at: Instant): Catalogue {
  const products = new Map<ProductId, Product>()
  for (const { changes, knownAt } of revisions)
    if (knownAt < at) for (const product of changes) products.set(product.id, product)
  const ordinalOf = new Map([...products.keys()].map((id, ordinal) => [id, ordinal]))
  const digest = `sha256:${at.toString(16).padStart(64, '0')}` as Digest
  return { revision: 1, knownBefore: at, digest, products: [...products.values()], ordinalOf }
}

function recordedAt(byInvestor: ReadonlyMap<InvestorId, readonly Event[]>, at: Instant): Recorded {
  const investorIds = [...byInvestor.keys()].sort()
  const rows = investorIds.flatMap((id, investor) =>
    (byInvestor.get(id) ?? []).flatMap((event) =>
      (event.type === 'view' || event.type === 'purchase') && event.occurredAt < at ? [{ investor, event }] : [],
    ),
  )
  const productIds = [...new Set(rows.map(({ event }) => event.productId))].sort()
  const placeOf = new Map(productIds.map((id, place) => [id, place]))
  const instants = Float64Array.from(rows, ({ event }) => event.occurredAt)
  return {
    investorIds,
    productIds,
    rows: {
      investor: Int32Array.from(rows, ({ investor }) => investor),
      product: Int32Array.from(rows, ({ event }) => placeOf.get(event.productId) ?? -1),
      at: instants,
      knownAt: instants,
      type: Uint8Array.from(rows, ({ event }) => interactionTypes.indexOf(event.type)),
    },
  }
}
