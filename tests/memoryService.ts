import { readFileSync } from 'node:fs'
import { servedIn } from '../audit/backtest/compared.js'
import { openBacktest } from '../audit/backtest/openBacktest.js'
import { Commitment, entryOf, Pseudonym } from '../audit/entry.js'
import { type Decision } from '../engine/decision.js'
import { decide } from '../engine/decide.js'
import { type Release } from '../engine/release.js'
import { type Language } from '../engine/explanation/texts.js'
import { readQuestionnaire } from '../engine/questionnaire/readQuestionnaire.js'
import { readPack } from '../engine/suitability/readPack.js'
import { holdingsOf } from '../features/definitions/holdings.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { DecisionId, type EventId, type FirmId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type FeatureReference } from '../features/quality/reference.js'
import { type Instant } from '../features/schema/time.js'
import { memoryStore } from '../features/store/memory.js'
import { faultsOfEvents, recordsOf } from '../serving/events.js'
import { keyOf } from '../serving/investorKey.js'
import { assessments } from '../serving/assessments.js'
import { purchaseChecks, type PurchasePorts } from '../serving/purchaseChecks.js'
import { qualityWatch } from '../serving/features/quality.js'
import { rangeDoor } from '../serving/rangeDoor.js'
import { rematchService } from '../serving/rematch.js'
import { remedyOfRefusal } from '../serving/refusalRemedy.js'
import { reportOf } from '../serving/audit/backtest/backtest.js'
import { counterfactualOf } from '../serving/audit/counterfactual.js'
import { productsOf as productsAsked } from '../serving/audit/products.js'
import { type RecordedDecision, whyOf } from '../serving/audit/why.js'
import { servingPack } from '../serving/readiness.js'
import { type Readiness, type Recommended, type Service, Unavailable } from '../serving/service.js'
import { memoryInvestorRecords } from './memoryInvestorRecords.js'
import { memoryPurchases } from './memoryPurchases.js'

/** No ledger here, so nothing is committed to; the form alone is right. */
const noCommitment = Commitment.parse(`hmac-sha256:${'0'.repeat(64)}`)
const commitments = {
  pseudonym: Pseudonym.parse('0'.repeat(32)),
  inputsCommitment: noCommitment,
  verdictCommitment: noCommitment,
  statementsCommitment: noCommitment,
}

/** Tests of what reads the ledger run over the real service. */
const noLedger = (): Promise<never> => Promise.reject(new Unavailable('no-ledger', 'nothing is recorded here'))
/** Nor is what was read. */
const nothing = (): Promise<void> => Promise.resolve()
const noEntries = {
  find: noLedger,
  sample: noLedger,
  coverage: noLedger,
  neverPermitted: noLedger,
  exportTo: noLedger,
  catchUp: noLedger,
}

type Kept = { readonly firmId: FirmId; readonly decision: Decision; readonly investor: InvestorSnapshot | null }

/**
 * A service that keeps everything in memory: the real engine and rule pack over a market of one's own, for tests of
 * the routes. `stop` makes it answer as one that cannot serve, `fail` as one with a bug; null lets it serve again.
 */
export function memoryService(options: {
  catalogue: Catalogue
  release: Release
  now: () => Instant
  packName?: string | undefined
  featureReference?: FeatureReference | null
}) {
  const { release, now, packName = 'cn-2026' } = options
  const pack = readPack(readFileSync(`packs/${packName}.yaml`), `${packName}.yaml`)
  const store = memoryStore()
  const eventIds = new Set<EventId>()
  const decisions = new Map<DecisionId, Kept>()
  let catalogue = options.catalogue
  let state: Readiness | null = null
  let bug: Error | null = null
  const usable = (): void => {
    if (bug !== null) throw bug
    if (state?.ready === false) throw new Unavailable(state.reason, state.detail)
  }

  const purchases = memoryPurchases()
  const acts = memoryInvestorRecords()
  const accounts: Pick<PurchasePorts, 'account' | 'present'> = {
    account: async (firmId, id) => {
      const found = await store.account(keyOf(firmId, id))
      return found === null ? null : { ...found, profile: { ...found.profile, id } }
    },
    present: () => {
      usable()
      return { at: now(), catalogue, pack }
    },
  }
  const checks = purchaseChecks({
    ...accounts,
    record: purchases,
    shared: (_firm, _id, work) => work(),
  })
  const ours = readQuestionnaire(readFileSync('questionnaires/aptus-1.yaml'), 'aptus-1.yaml')
  const assessing = assessments({
    ...accounts,
    record: acts,
    questionnaires: new Map([[ours.version, ours]]),
    put: (firmId, profile, knownAt) =>
      store.putProfiles([{ knownAt, value: { ...profile, id: keyOf(firmId, profile.id) } }]),
    exclusive: (_firm, _id, work) => work(),
  })

  const recorded = <T>(
    firmId: FirmId,
    decisionId: DecisionId,
    language: Language,
    answer: (found: RecordedDecision) => T,
  ): Promise<T | 'erased' | null> => {
    const kept = decisions.get(decisionId)
    if (kept?.firmId !== firmId) return Promise.resolve(null)
    if (kept.investor === null) return Promise.resolve('erased')
    const inputs = { investor: kept.investor, context: {} }
    return Promise.resolve(answer({ decisionId, decision: kept.decision, inputs, pack, catalogue, language }))
  }

  const ranges = rangeDoor(now)
  const watch = qualityWatch(
    {
      featureReference: () => Promise.resolve(options.featureReference ?? null),
      catalogue: () => catalogue,
      catalogueKnownAt: () => Promise.resolve(now() - 1),
      newest: () => Promise.resolve([]),
      storeLagRows: () => Promise.resolve(0),
      outOfRange: ranges.counts,
    },
    now,
  )
  const service: Service = {
    ...checks,
    ...assessing,
    ...rematchService({ ...accounts, ids: store.ids }),
    readiness: () =>
      state ?? {
        ready: true,
        release: release.digest,
        pack: pack.digest,
        packs: [servingPack(pack, now())],
        catalogueRevision: catalogue.revision,
      },
    recommend: async ({ firmId, investorId, size, scene, exclude }) => {
      usable()
      const investor = await store.get(keyOf(firmId, investorId))
      if (investor === null) return { unknownInvestor: investorId }
      const context = { mode: 'live' as const, scene, size, exclude }
      const { decision } = decide(release, catalogue, pack, investor, context, now(), 1)
      if (decision.outcome.kind === 'personal') watch.read(release.digest, investor, now())
      const decisionId = DecisionId.parse(`d-${decisions.size + 1}`)
      decisions.set(decisionId, { firmId, decision, investor })
      const products = productsOf(decision, catalogue)
      return { decisionId, decision, products, recommendable: 0, remedy: remedyOfRefusal(decision, pack) }
    },
    ranges,
    putInvestor: async (firmId, investor) => {
      usable()
      await store.putProfiles([{ knownAt: now() - 1, value: { ...investor, id: keyOf(firmId, investor.id) } }])
    },
    addEvents: async (firmId, events) => {
      usable()
      const found = await Promise.all(events.map(({ investorId }) => store.get(keyOf(firmId, investorId))))
      const known = new Set(events.filter((_, place) => found[place] !== null).map(({ investorId }) => investorId))
      const faults = faultsOfEvents(events, known, now())
      if (faults.length > 0) return { faults }
      const records = recordsOf(firmId, events, now())
      const fresh = new Map(
        records.filter(({ value }) => !eventIds.has(value.eventId)).map((record) => [record.value.eventId, record]),
      )
      for (const id of fresh.keys()) eventIds.add(id)
      await store.addEvents([...fresh.values()])
      return { accepted: fresh.size, duplicates: events.length - fresh.size }
    },
    investor: async (firmId, id) => {
      const found = await store.account(keyOf(firmId, id))
      if (found === null) return null
      const { profile, knownAt, behaviour, trades } = found
      return { profile: { ...profile, id }, knownAt, behaviour, holdings: holdingsOf(trades) }
    },
    eraseInvestor: async (firmId, id) => {
      const key = keyOf(firmId, id)
      for (const [decisionId, kept] of decisions)
        if (kept.investor?.profile.id === key) decisions.set(decisionId, { ...kept, investor: null })
      purchases.forget(id)
      acts.forget(id)
      return (await store.delete(key)) ? { entryId: `s-${id}`, at: now(), runs: [], releases: [] } : null
    },
    putProduct: (product) => {
      usable()
      return Promise.resolve((catalogue = withProduct(catalogue, product)))
    },
    catalogue: () => (state?.ready === false && state.reason === 'no-catalogue' ? null : catalogue),
    privacy: {
      personalData: noLedger,
      reads: { ofEntry: nothing, ofInvestors: nothing, ofPersons: nothing, ofTable: nothing },
    },
    rules: {
      inForce: noLedger,
      proposals: noLedger,
      take: noLedger,
      candidate: noLedger,
      kept: () => [],
    },
    audit: {
      decision: (firmId, id) => {
        const kept = decisions.get(id)
        if (kept?.firmId !== firmId) return Promise.resolve(null)
        const entry = entryOf(kept.decision, { ...commitments, decisionId: id, firmId })
        return Promise.resolve({
          decisionId: id,
          ledgerIndex: 0,
          entry,
          verdict: kept.decision,
          inputs: kept.investor ?? 'erased',
        })
      },
      why: (firmId, id, productId, language) => recorded(firmId, id, language, (found) => whyOf(found, productId)),
      products: (firmId, id, asked) => recorded(firmId, id, asked.language, (found) => productsAsked(found, asked)),
      counterfactual: (firmId, id, productId, language) =>
        recorded(firmId, id, language, (found) => counterfactualOf(found, productId)),
      entries: noEntries,
      exposures: noLedger,
      report: noLedger,
      backtest: async (candidate, period, told) => {
        const open = openBacktest(candidate)
        for (const [decisionId, { firmId, decision, investor }] of decisions) {
          if (firmId !== period.firmId || investor === null) continue
          const entry = entryOf(decision, { ...commitments, decisionId, firmId })
          open.add({
            entry,
            slate: servedIn(entry.outcome),
            investor,
            verdictDigest: decision.verdictDigest,
            pack,
            catalogue,
          })
        }
        await told(decisions.size, decisions.size)
        const ledger = { entries: decisions.size, head: pack.digest }
        return reportOf(open.result({ ...period, ledger, erased: 0, leftOut: 0 }))
      },
      backtests: { start: () => 'under-way', find: () => null },
      replay: noLedger,
      replayMany: noLedger,
      checkpoint: noLedger,
      consistency: noLedger,
      proof: noLedger,
    },
    featureQuality: () => {
      usable()
      return watch.quality(release.digest)
    },
    // It has no data directory to keep runs in.
    models: {
      list: () => Promise.resolve([]),
      activate: () => Promise.resolve({ refusal: 'unknown-release' }),
      promote: () => Promise.resolve({ refusal: 'unknown-run' }),
      rollback: () => Promise.resolve({ refusal: 'no-release-before' }),
    },
    releases: () => Promise.resolve([{ digest: release.digest, active: true, manifest: release.manifest }]),
    reload: () => Promise.resolve(),
    close: () => store.close(),
  }
  return {
    service,
    store,
    decisions,
    stop: (now: Readiness | null) => void (state = now),
    fail: (now: Error | null) => void (bug = now),
  }
}

function productsOf(decision: Decision, catalogue: Catalogue): Recommended['products'] {
  const slate = decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate
  return new Map(
    slate.map(({ productId }) => [productId, catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]!]),
  )
}

function withProduct(catalogue: Catalogue, product: Product): Catalogue {
  const ordinal = catalogue.ordinalOf.get(product.id) ?? catalogue.products.length
  const products = [...catalogue.products]
  products[ordinal] = product
  const ordinalOf = new Map(catalogue.ordinalOf).set(product.id, ordinal)
  return { ...catalogue, revision: catalogue.revision + 1, products, ordinalOf }
}
