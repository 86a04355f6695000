import { z } from 'zod'
import { type Service } from '../../service.js'
import { answer, inLanguage, textAnswer } from '../answer.js'
import { plainJson } from '../plainJson.js'
import { problem } from '../problems.js'
import { ExposuresAnswer } from '../schemas.js'
import { type Contract } from '../contract/contract.js'
import { readBy, readingEntry } from '../recordedReads.js'
import { type Asked, type Handlers } from '../route.js'

type Names =
  | 'showDecision'
  | 'whyProduct'
  | 'decisionProducts'
  | 'counterfactual'
  | 'exposures'
  | 'decisionReport'
  | 'replayDecision'

export function decisionRoutes(service: Service): Handlers<Names> {
  return {
    showDecision: readingEntry<Asked<Contract['showDecision']>>(
      service,
      'showDecision',
      async ({ firmId, language, path: { id } }) => {
        const found = await service.audit.decision(firmId, id)
        if (found === null) return problem('unknown-decision', language)
        const { decisionId, ledgerIndex, entry, verdict, inputs } = found
        const open = verdict === 'erased' ? verdict : { withheld: verdict.withheld, nominated: [...verdict.nominated] }
        return answer(200, { decisionId, ledgerIndex, entry, verdict: open, inputs: plainJson(inputs) })
      },
    ),
    whyProduct: readingEntry<Asked<Contract['whyProduct']>>(
      service,
      'whyProduct',
      async ({ firmId, language, path: { id, productId } }) => {
        const why = await service.audit.why(firmId, id, productId, language)
        if (why === 'erased') return problem('investor-erased', language)
        return why === null ? problem('unknown-decision', language) : answer(200, why)
      },
    ),
    decisionProducts: readingEntry<Asked<Contract['decisionProducts']>>(
      service,
      'decisionProducts',
      async ({ firmId, language, path: { id }, query }) => {
        const page = await service.audit.products(firmId, id, { ...query, language })
        if (page === 'erased') return problem('investor-erased', language)
        return page === null ? problem('unknown-decision', language) : inLanguage(200, page, language)
      },
    ),
    decisionReport: readingEntry<Asked<Contract['decisionReport']>>(
      service,
      'decisionReport',
      async ({ firmId, language, path: { id }, query: { products = [] } }) => {
        const page = await service.audit.report(firmId, id, { language, products })
        return page === null
          ? problem('unknown-decision', language)
          : textAnswer('text/html; charset=utf-8', page, {
              'Content-Language': language,
              'Content-Security-Policy':
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
            })
      },
    ),
    exposures: async ({ firmId, query: { from = null, to = null, limit } }) => {
      const { unrecorded, items, ...counts } = await service.audit.exposures(firmId, { from, to, limit })
      const listed = items.map(({ faults, ...item }) => ({ ...item, faults: [...faults] }))
      return answer(200, z.encode(ExposuresAnswer, { ...counts, unrecorded: [...unrecorded], items: listed }))
    },
    counterfactual: readingEntry<Asked<Contract['counterfactual']>>(
      service,
      'counterfactual',
      async ({ firmId, language, path: { id, productId } }) => {
        const found = await service.audit.counterfactual(firmId, id, productId, language)
        if (found === 'erased') return problem('investor-erased', language)
        return found === null ? problem('unknown-decision', language) : inLanguage(200, found, language)
      },
    ),
    replayDecision: async (asked) => {
      const { firmId, language, path, query } = asked
      const found = await service.audit.replay(firmId, path.id, query)
      // Of one that is the same, nothing is shown but that.
      if (found?.replayed.result === 'differs')
        await service.privacy.reads.ofEntry(readBy(asked, 'replayDecision'), path.id)
      return found === null ? problem('unknown-decision', language) : answer(200, plainJson(found))
    },
  }
}
