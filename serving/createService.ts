import { randomBytes, randomInt } from 'node:crypto'
import { decide } from '../engine/decide.js'
import { type Release } from '../engine/release.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { DecisionId, type FirmId, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { LogError } from '../storage/logError.js'
import { StoreUnreachable } from '../features/store/port.js'
import { type Instant } from '../features/schema/time.js'
import { LedgerError } from '../audit/ledger.js'
import { PersonsError } from '../audit/personWriter.js'
import { type Record } from '../audit/record.js'
import { reasonOfData } from './dataError.js'
import { type Home } from './home.js'
import { defaultFirm } from './http/keys.js'
import {
  type Readiness,
  type RecommendRequest,
  type Recommended,
  type Service,
  Unavailable,
  type UnknownInvestor,
} from './service.js'
import { packOf, whyOf } from './why.js'

export type ServiceOptions = {
  readonly home: Home
  /** Where decisions are recorded; its own lock keeps a second writer away. */
  readonly record: Record
  /** ms UTC; read once a request. */
  readonly now: () => Instant
  /** Told for each ranked product that the reference evaluator rejected: an alarm, never an expected event. */
  readonly onDisagreement: (count: number) => void
}

/** What one installation does, over an open data directory. Loads catalogue and release; `reload` takes up others. */
export async function createService({ home, record, now, onDisagreement }: ServiceOptions): Promise<Service> {
  let catalogue: Catalogue = await home.catalogueLog.head()
  let release: Release | null = await activeRelease(home)
  let last = 0
  /** Strictly increasing: what a caller put before his request is known strictly before it. */
  const instant = (): Instant => (last = Math.max(now(), last + 1))

  const readiness = (): Readiness => {
    if (catalogue.products.length === 0)
      return { ready: false, reason: 'no-catalogue', detail: 'the catalogue is empty: run "aptus import"' }
    if (release === null)
      return {
        ready: false,
        reason: 'no-release',
        detail: 'no release is active: run "aptus train", then "aptus release build"',
      }
    return { ready: true, release: release.digest, pack: home.pack.digest, catalogueRevision: catalogue.revision }
  }

  const recommend = async (request: RecommendRequest): Promise<Recommended | UnknownInvestor> => {
    const state = readiness()
    if (!state.ready || release === null)
      throw new Unavailable(state.ready ? 'no-release' : state.reason, state.ready ? '' : state.detail)
    const historical = request.asOf !== undefined
    const at = request.asOf ?? instant()
    const key = keyOf(request.firmId, request.investorId)
    const [investor, seen] = historical
      ? await Promise.all([home.history.investorAsOf(key, at), home.catalogueLog.asOf(null, at)])
      : [await reading(home.store.get(key)), catalogue]
    if (investor === null) return { unknownInvestor: request.investorId }
    const mode = historical ? ('historical' as const) : ('live' as const)
    const context = { mode, scene: request.scene, size: request.size, exclude: [...request.exclude] }
    const { decision, disagreements } = decide(release, seen, home.pack, investor, context, at, randomInt(2 ** 32))
    if (disagreements.length > 0) onDisagreement(disagreements.length)
    const decisionId = DecisionId.parse(`d-${randomBytes(16).toString('hex')}`)
    const { firmId, investorId } = request
    await recording(record.append(decision, investor, context, { firmId, investorId, decisionId }))
    const recommendable = decision.verdictDigest === null ? 0 : seen.products.length - decision.withheld.total
    return { decisionId, decision, products: productsOf(decision.outcome, seen), recommendable }
  }

  return {
    readiness,
    recommend,
    putInvestor: async (firmId, investor) => {
      const value = { ...investor, id: keyOf(firmId, investor.id) }
      const known = { knownAt: instant(), value }
      await home.history.appendInvestors([known], 'api')
      await reading(home.store.putProfiles([known]))
    },
    investor: async (firmId, id) => {
      const found = await reading(home.store.get(keyOf(firmId, id)))
      return found === null ? null : { ...found, profile: { ...found.profile, id } }
    },
    eraseInvestor: async (firmId, id) => {
      const key = keyOf(firmId, id)
      await home.history.eraseInvestor(key)
      const known = await reading(home.store.delete(key))
      const recorded = await record.erase(firmId, id)
      return known || recorded
    },
    putProduct: async (product: Product) => (catalogue = await home.catalogueLog.append([product], instant())),
    catalogue: () => catalogue,
    decision: async (firmId, id) => {
      const found = await record.read(firmId, id)
      return found === null
        ? null
        : {
            decisionId: id,
            ledgerIndex: found.index,
            entry: found.entry,
            verdict: found.decision ?? 'erased',
            inputs: found.inputs,
          }
    },
    why: async (firmId, id, productId, language) => {
      const found = await record.read(firmId, id)
      if (found === null) return null
      if (found.inputs === 'erased' || found.decision === null) return 'erased'
      const { inputs, decision } = found
      const { packDigest, catalogue: named } = decision
      const pack = await packOf(packDigest, home.blobs)
      const seen = await home.catalogueLog.asOf(named.revision, named.knownBefore)
      return whyOf({ decisionId: id, decision, inputs, pack, catalogue: seen, language }, productId)
    },
    releases: () => home.releases.list(),
    reload: async () => {
      catalogue = await home.catalogueLog.head()
      release = await activeRelease(home)
    },
    close: async () => {
      await record.close()
      await home.close()
    },
  }
}

async function activeRelease(home: Home): Promise<Release | null> {
  const digest = await home.releases.active()
  return digest === null ? null : reasonOfData(home.releases.open(digest))
}

/**
 * The investor's key in the stores: firms do not see each other's investors. No id holds a "/", so no two are the same.
 */
export const keyOf = (firmId: FirmId, id: InvestorId): InvestorId =>
  firmId === defaultFirm ? id : (`${firmId}/${id}` as InvestorId)

async function recording<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LogError || error instanceof LedgerError || error instanceof PersonsError)
      throw new Unavailable('no-ledger', error.message)
    throw error
  }
}

async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof StoreUnreachable) throw new Unavailable('store-unreachable', error.message)
    throw error
  }
}

function productsOf(
  outcome: Recommended['decision']['outcome'],
  catalogue: Catalogue,
): ReadonlyMap<ProductId, Product> {
  const ids = outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId)
  return new Map(
    ids.flatMap((id) => {
      const product = catalogue.products[catalogue.ordinalOf.get(id) ?? -1]
      return product === undefined ? [] : [[id, product] as const]
    }),
  )
}
