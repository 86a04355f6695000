import { type Service, Unavailable } from './service.js'

/**
 * A service that is still being set up: it answers `starting` with the present stage, and passes everything on once
 * `ready` was called. So the port is open, and /readyz tells the stage, from the first moment.
 */
export function deferredService(): {
  readonly service: Service
  readonly stage: (text: string) => void
  readonly ready: (service: Service) => void
} {
  let real: Service | null = null
  let stage = 'opening the data directory'
  const ask = (): Service => {
    if (real === null) throw new Unavailable('starting', `not ready yet: ${stage}`)
    return real
  }
  // Methods that wait reject rather than throw, as those of a real service do.
  const asked = async <T>(call: (service: Service) => Promise<T>): Promise<T> => call(ask())
  return {
    stage: (text) => (stage = text),
    ready: (service) => (real = service),
    service: {
      readiness: () => real?.readiness() ?? { ready: false, reason: 'starting', detail: stage },
      catalogue: () => real?.catalogue() ?? null,
      recommend: (request) => asked((service) => service.recommend(request)),
      ranges: {
        faults: (subject, record) => ask().ranges.faults(subject, record),
        counts: () => real?.ranges.counts() ?? [],
      },
      putInvestor: (firmId, investor) => asked((service) => service.putInvestor(firmId, investor)),
      investor: (firmId, id) => asked((service) => service.investor(firmId, id)),
      addEvents: (firmId, events) => asked((service) => service.addEvents(firmId, events)),
      eraseInvestor: (firmId, id) => asked((service) => service.eraseInvestor(firmId, id)),
      putProduct: (product) => asked((service) => service.putProduct(product)),
      audit: {
        decision: (firmId, id) => asked(({ audit }) => audit.decision(firmId, id)),
        exposures: (firmId, asking) => asked(({ audit }) => audit.exposures(firmId, asking)),
        report: (firmId, id, asking) => asked(({ audit }) => audit.report(firmId, id, asking)),
        products: (firmId, id, query) => asked(({ audit }) => audit.products(firmId, id, query)),
        counterfactual: (firmId, id, productId, language) =>
          asked(({ audit }) => audit.counterfactual(firmId, id, productId, language)),
        why: (firmId, id, productId, language) => asked(({ audit }) => audit.why(firmId, id, productId, language)),
        replay: (firmId, id, options) => asked(({ audit }) => audit.replay(firmId, id, options)),
        replayMany: (period, options) => asked(({ audit }) => audit.replayMany(period, options)),
        backtest: (candidate, period, told) => asked(({ audit }) => audit.backtest(candidate, period, told)),
        backtests: {
          start: (candidate, period) => ask().audit.backtests.start(candidate, period),
          find: (firmId, id) => ask().audit.backtests.find(firmId, id),
        },
        checkpoint: () => asked(({ audit }) => audit.checkpoint()),
        consistency: (from, to) => asked(({ audit }) => audit.consistency(from, to)),
        proof: (firmId, id) => asked(({ audit }) => audit.proof(firmId, id)),
        entries: {
          find: (firmId, query, page) => asked(({ audit }) => audit.entries.find(firmId, query, page)),
          sample: (firmId, drawn) => asked(({ audit }) => audit.entries.sample(firmId, drawn)),
          coverage: (firmId, period) => asked(({ audit }) => audit.entries.coverage(firmId, period)),
          neverPermitted: (firmId, period) => asked(({ audit }) => audit.entries.neverPermitted(firmId, period)),
          exportTo: (firmId, query, file, format) =>
            asked(({ audit }) => audit.entries.exportTo(firmId, query, file, format)),
          catchUp: (told) => asked(({ audit }) => audit.entries.catchUp(told)),
        },
      },
      privacy: {
        personalData: (read, id) => asked(({ privacy }) => privacy.personalData(read, id)),
        reads: {
          ofEntry: (read, id) => asked(({ privacy }) => privacy.reads.ofEntry(read, id)),
          ofInvestors: (read, ids) => asked(({ privacy }) => privacy.reads.ofInvestors(read, ids)),
          ofPersons: (read, persons) => asked(({ privacy }) => privacy.reads.ofPersons(read, persons)),
          ofTable: (read, rows) => asked(({ privacy }) => privacy.reads.ofTable(read, rows)),
        },
      },
      rules: {
        inForce: (sees) => asked(({ rules }) => rules.inForce(sees)),
        proposals: (sees) => asked(({ rules }) => rules.proposals(sees)),
        take: (sees, document) => asked(({ rules }) => rules.take(sees, document)),
        candidate: (sees, pack) => asked(({ rules }) => rules.candidate(sees, pack)),
        kept: () => real?.rules.kept() ?? [],
      },
      checkPurchase: (request) => asked((service) => service.checkPurchase(request)),
      confirmPurchase: (request) => asked((service) => service.confirmPurchase(request)),
      purchaseStanding: (firmId, id) => asked((service) => service.purchaseStanding(firmId, id)),
      purchaseCheck: (firmId, id) => asked((service) => service.purchaseCheck(firmId, id)),
      questionnaire: (version) => ask().questionnaire(version),
      assess: (request) => asked((service) => service.assess(request)),
      changeClass: (request) => asked((service) => service.changeClass(request)),
      assessment: (firmId, id) => asked((service) => service.assessment(firmId, id)),
      classChange: (firmId, id) => asked((service) => service.classChange(firmId, id)),
      rematchedHoldings: (firmId, id) => asked((service) => service.rematchedHoldings(firmId, id)),
      holdersNotFitting: (request) => asked((service) => service.holdersNotFitting(request)),
      featureQuality: () => asked((service) => service.featureQuality()),
      releases: () => asked((service) => service.releases()),
      models: {
        list: () => asked(({ models }) => models.list()),
        activate: (digest) => asked(({ models }) => models.activate(digest)),
        promote: (promoting) => asked(({ models }) => models.promote(promoting)),
        rollback: (by, reason) => asked(({ models }) => models.rollback(by, reason)),
      },
      reload: () => asked((service) => service.reload()),
      close: async () => {
        await real?.close()
      },
    },
  }
}
