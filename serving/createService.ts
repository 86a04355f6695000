import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { decide } from '../engine/decide.js'
import { compiledFor } from '../engine/suitability/verdicts.js'
import { holdingsOf } from '../features/definitions/holdings.js'
import { type Event } from '../features/schema/event.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { DecisionId, type Digest, type FirmId, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Investor, mostAssessments } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { StoreUnreachable } from '../features/store/port.js'
import { type Instant } from '../features/schema/time.js'
import { newestRecorded } from '../audit/newestRecorded.js'
import { exposureChecker, type ExposureFault } from '../audit/exposures.js'
import { disagreementEntry } from '../audit/activations.js'
import { investorRecords } from '../audit/investorRecords.js'
import { RuleFault } from '../audit/rules/ruleFault.js'
import { purchaseRecord } from '../audit/purchases.js'
import { type Record } from '../audit/record.js'
import { openSearch } from '../audit/search/search.js'
import { folders, type Home } from './home.js'
import { auditOf } from './audit/audit.js'
import { backtestJobs } from './audit/backtest/jobs.js'
import { readCurrent } from './audit/entries/search.js'
import { assessments } from './assessments.js'
import { storeLagRows } from './features/freshness.js'
import { qualityWatch } from './features/quality.js'
import { readReference } from './features/readReference.js'
import { clockFrom } from './clock.js'
import { erase } from './erase.js'
import { keyOf } from './investorKey.js'
import { decidedOn, pastReads, presentReads, readFor } from './knownInvestor.js'
import { openInForce } from './inForce.js'
import { personLocks } from './personLocks.js'
import { privacyOf } from './privacy/privacy.js'
import { purchaseChecks, type PurchasePorts } from './purchaseChecks.js'
import { rangeDoor } from './rangeDoor.js'
import { recording } from './recording.js'
import { rematchService } from './rematch.js'
import { openRuleBook } from './rules/ruleBook.js'
import { ruleService } from './rules/rules.js'
import { modelService } from './models/modelService.js'
import { openInvestors } from './investors.js'
import { faultsOfEvents, personsOf, recordsOf } from './events.js'
import { lackOf, type Parts, readinessOf } from './readiness.js'
import { remedyOfRefusal } from './refusalRemedy.js'
import { type RecommendRequest, type Recommended, type Service, Unavailable, type UnknownInvestor } from './service.js'

/** Products of a decision that were left out, and by what it was judged; nothing that tells of its investor. */
export type Disagreement = {
  readonly decisionId: DecisionId
  readonly count: number
  readonly pack: Digest
  readonly catalogue: number
}

export type ServiceOptions = {
  readonly home: Home
  /** Where decisions are recorded; its own lock keeps a second writer away. */
  readonly record: Record
  /** ms UTC; read once a request. A step back of it is harmless: serving/clock.ts. */
  readonly now: () => Instant
  /** Told of each fault of an exposure that the ledger does not bear out. */
  readonly onUnrecorded?: (fault: ExposureFault) => void
  /** Told where the reference evaluator rejected ranked products: an alarm, never an expected event. */
  readonly onDisagreement: (disagreement: Disagreement) => void
  /** Keeps the search up to date meanwhile; left out, it catches up when it is asked. */
  readonly following?: { readonly everyMs: number; readonly failed: (error: unknown) => void }
}

/** What one installation does, over an open data directory. Loads catalogue and release; `reload` takes up others. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { home, record, now, onDisagreement, onUnrecorded, following } = options
  const instant = clockFrom(now)
  instant((await home.catalogueLog.newestKnownAt()) ?? undefined)
  const newest = await newestRecorded(record.ledger)
  instant(newest)
  const inForce = await openInForce(home, record.ledger, instant)
  const investors = openInvestors(home.history, home.store)
  const locks = personLocks()
  const ruleInstant = (): Instant => {
    const at = instant(newest)
    if (at <= newest) throw new RuleFault('clock-behind')
    return at
  }
  const book = await openRuleBook({ ...home, ledger: record.ledger, instant: ruleInstant, now })
  /** Compiled ahead of its instant, a scheduled pack stalls no request. */
  const prepare = (): void => book.soon(now()).forEach((pack) => void compiledFor(inForce.catalogue(), pack))
  const search = openSearch(join(home.dir, folders.search), record)
  const erasing = { home, record, search, investors, instant }
  for (const erasure of home.erasures.underWay()) await erase(erasing, erasure)
  if (following !== undefined) search.follow(following.everyMs, following.failed)

  const parts = (): Parts => ({
    catalogue: inForce.catalogue(),
    release: inForce.release(),
    ledgerFailure: record.failure() ?? inForce.failure(),
  })

  /** What is read of him depends on the pack: where another has come into force meanwhile, he is read again for that. */
  const readPresent = async (firmId: FirmId, key: InvestorId) => {
    for (let pack = book.present(firmId, now()); ;) {
      const found = await reading(readFor(presentReads(investors, key), pack))
      const present = instant(found?.knownAt)
      const judging = book.present(firmId, present)
      if (judging === pack) return { found, past: null, pack, present, ...parts() }
      pack = judging
    }
  }
  const readPast = async (firmId: FirmId, key: InvestorId, asOf: Instant) => {
    const pack = await book.past(firmId, asOf)
    const [found, past] = await Promise.all([
      readFor(pastReads(home.history, key, asOf), pack),
      home.catalogueLog.asOf(inForce.catalogue().revision, asOf),
    ])
    return { found, past, pack, present: instant(), ...parts() }
  }

  const decideOne = async (request: RecommendRequest): Promise<Recommended | UnknownInvestor> => {
    const { firmId, investorId, scene, size, exclude, asOf } = request
    const key = keyOf(firmId, investorId)
    // Instant, catalogue, pack and release belong together: nothing is awaited between them, nor from here on.
    const { found, past, pack, present, ...judging } =
      asOf === undefined ? await readPresent(firmId, key) : await readPast(firmId, key, asOf)
    const { catalogue, release } = judging
    const lack = lackOf(judging, pack, asOf ?? present)
    if (lack !== null || release === null) throw new Unavailable(lack?.reason ?? 'no-release', lack?.detail ?? '')
    if (found === null || home.erasures.has(firmId, investorId)) return { unknownInvestor: investorId }
    const [seen, at] = [past ?? catalogue, asOf ?? present]
    const known = decidedOn(found, pack, seen, at)
    const investor = { ...known, profile: { ...known.profile, id: investorId } }
    const mode = asOf === undefined ? ('live' as const) : ('historical' as const)
    const context = { mode, scene, size, exclude: [...exclude] }
    const { decision, disagreements } = decide(release, seen, pack, investor, context, at, randomInt(2 ** 32))
    const decisionId = DecisionId.parse(`d-${randomBytes(16).toString('hex')}`)
    const disagreement = { decisionId, count: disagreements.length }
    if (disagreement.count > 0) onDisagreement({ ...disagreement, pack: pack.digest, catalogue: seen.revision })
    await recording(record.append(decision, investor, context, { firmId, investorId, decisionId }))
    if (disagreement.count > 0) await recording(record.ledger.append(disagreementEntry(disagreement, at)))
    const recommendable = decision.verdictDigest === null ? 0 : seen.products.length - decision.withheld.total
    if (mode === 'live' && decision.outcome.kind === 'personal') watch.read(release.digest, known, at)
    const products = productsOf(decision.outcome, seen)
    return { decisionId, decision, products, recommendable, remedy: remedyOfRefusal(decision, pack) }
  }

  const accounts: Pick<PurchasePorts, 'account' | 'present'> = {
    account: async (firmId, id) => {
      const found = await reading(investors.account(keyOf(firmId, id)))
      return found === null || home.erasures.has(firmId, id) ? null : { ...found, profile: { ...found.profile, id } }
    },
    // No model is asked, so no release is needed.
    present: (firmId, fact) => {
      const at = instant(fact)
      const pack = book.present(firmId, at)
      const lack = lackOf(parts(), pack, at)
      if (lack !== null && lack.reason !== 'no-release') throw new Unavailable(lack.reason, lack.detail)
      return { at, catalogue: inForce.catalogue(), pack }
    },
  }
  const purchases = purchaseChecks({
    ...accounts,
    record: purchaseRecord(record),
    shared: (firmId, id, work) => locks.shared(keyOf(firmId, id), work),
  })
  const assessing = assessments({
    ...accounts,
    record: investorRecords(record),
    questionnaires: home.questionnaires,
    put: (firmId, profile, knownAt) =>
      reading(investors.put({ knownAt, value: { ...profile, id: keyOf(firmId, profile.id) } })),
    exclusive: (firmId, id, work) => locks.exclusive(keyOf(firmId, id), work),
  })
  const rematching = rematchService({ ...accounts, ids: (limit, after) => reading(investors.ids(limit, after)) })

  const ranges = rangeDoor(now)
  const watch = qualityWatch(
    {
      featureReference: (digest) => readReference(home.releases, digest),
      catalogue: inForce.catalogue,
      catalogueKnownAt: () => home.catalogueLog.newestKnownAt(),
      newest: home.newest,
      storeLagRows: () => reading(storeLagRows(home)),
      outOfRange: ranges.counts,
    },
    now,
  )

  const audit = auditOf({ home, record, search })
  const backtests = backtestJobs(audit.backtest)
  const ruling = ruleService({ ...home, book, instant: ruleInstant, onChange: prepare })

  const reload = async (): Promise<void> => {
    await recording(inForce.reload())
    prepare()
  }

  /** Nothing that was shown is refused, whether it was recorded or not: it is counted. */
  const countUnrecorded = async (firmId: FirmId, events: readonly Event[]): Promise<void> => {
    const check = exposureChecker(record.ledger, record.persons)
    for (const event of events)
      if (event.type === 'exposure') for (const fault of await check({ ...event, firmId })) onUnrecorded?.(fault)
  }

  return {
    checkPurchase: (asked) => recording(purchases.checkPurchase(asked)),
    confirmPurchase: (asked) => recording(purchases.confirmPurchase(asked)),
    purchaseStanding: (firmId, id) => recording(purchases.purchaseStanding(firmId, id)),
    purchaseCheck: (firmId, id) => purchases.purchaseCheck(firmId, id),
    ...rematching,
    ...assessing,
    assess: (asked) => recording(assessing.assess(asked)),
    changeClass: (asked) => recording(assessing.changeClass(asked)),
    readiness: () => {
      const packs = book.all(book.newest())
      const refusal = book.refusal(packs[0].digest)
      return refusal === null
        ? readinessOf(parts(), packs, now())
        : { ready: false, reason: 'no-rule-pack', detail: refusal }
    },
    recommend: (request) => locks.shared(keyOf(request.firmId, request.investorId), () => decideOne(request)),
    ranges,
    putInvestor: async (firmId, investor) => {
      const key = keyOf(firmId, investor.id)
      const erasure = { firmId, investorId: investor.id }
      if (home.erasures.has(firmId, investor.id))
        await locks.exclusive(key, () => recording(reading(erase(erasing, erasure))))
      await locks.shared(key, async () => {
        const before = await reading(investors.get(key))
        const knownAt = Math.max(instant(), (before?.knownAt ?? -Infinity) + 1)
        await reading(investors.put({ knownAt, value: { ...investor, ...takenBefore(investor, before), id: key } }))
      })
    },
    investor: async (firmId, id) => {
      const found = await reading(investors.account(keyOf(firmId, id)))
      if (found === null || home.erasures.has(firmId, id)) return null
      const { profile, knownAt, behaviour, trades } = found
      return { profile: { ...profile, id }, knownAt, behaviour, holdings: holdingsOf(trades) }
    },
    addEvents: (firmId, events) => {
      const persons = personsOf(events)
      const keys = persons.map((id) => keyOf(firmId, id))
      return locks.sharedAll(keys, async () => {
        const found = await reading(Promise.all(keys.map(investors.get)))
        const known = persons.filter((id, place) => found[place] !== null && !home.erasures.has(firmId, id))
        const faults = faultsOfEvents(events, new Set(known), now())
        if (faults.length > 0) return { faults }
        const taken = await reading(investors.addEvents(recordsOf(firmId, events, instant())))
        await recording(countUnrecorded(firmId, events))
        return taken
      })
    },
    eraseInvestor: (firmId, investorId) =>
      locks
        .exclusive(keyOf(firmId, investorId), () => recording(reading(erase(erasing, { firmId, investorId }))))
        .finally(() => backtests.forget(firmId)),
    putProduct: async (product: Product) => {
      const newest = (await home.catalogueLog.newestKnownAt()) ?? -Infinity
      const changed = await home.catalogueLog.append([product], Math.max(instant(), newest + 1))
      await recording(inForce.takeCatalogue(changed))
      prepare()
      if (changed.products[changed.ordinalOf.get(product.id) ?? -1] !== product)
        throw new Error('the catalogue took in a product and did not take it up: a fact known from later on stands')
      return changed
    },
    catalogue: inForce.catalogue,
    rules: {
      ...ruling,
      take: (sees, document) => recording(ruling.take(sees, document)),
    },
    audit: { ...audit, backtests },
    privacy: privacyOf({
      ...{ home, record, investors, instant },
      read: readCurrent(search),
      shared: (firmId, id, work) => locks.shared(keyOf(firmId, id), work),
    }),
    featureQuality: () => watch.quality(inForce.release()?.digest ?? null),
    releases: () => home.releases.list(),
    models: modelService({ home, ledger: record.ledger, now: instant, clock: () => performance.now() }, reload),
    reload,
    close: async () => {
      await backtests.close()
      await search.close()
      await record.close()
      await home.close()
    },
  }
}

/** Assessments are not taken back: those that were known count towards the limits, whatever a new profile says. */
const takenBefore = (investor: Investor, before: InvestorSnapshot | null): Pick<Investor, 'assessments'> => ({
  assessments: [...new Set([...(before?.profile.assessments ?? []), ...investor.assessments])]
    .sort((a, b) => a - b)
    .slice(-mostAssessments),
})

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
