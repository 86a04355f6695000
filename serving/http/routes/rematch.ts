import { z } from 'zod'
import { type Service } from '../../service.js'
import { inLanguage } from '../answer.js'
import { HoldersAnswer, HoldingsMatched } from '../assessmentSchemas.js'
import { findingsInWords, rematchInWords } from '../findingsInWords.js'
import { problem } from '../problems.js'
import { readBy } from '../recordedReads.js'
import { type Handlers } from '../route.js'

export function rematchRoutes(service: Service): Handlers<'matchHoldings' | 'holdersNotFitting'> {
  return {
    matchHoldings: async ({ firmId, language, path: { id } }) => {
      const given = await service.rematchedHoldings(firmId, id)
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      const { at, catalogueRevision, rematched, pack } = given
      const shown = { at, catalogueRevision, ...rematchInWords(rematched, pack, language) }
      return inLanguage(200, z.encode(HoldingsMatched, shown), language)
    },
    holdersNotFitting: async (asked) => {
      const { firmId, language, path, query } = asked
      const [productId, { limit, after }] = [path.id, query]
      const given = await service.holdersNotFitting({ firmId, productId, limit, after: after ?? null })
      if ('unknownProduct' in given) return problem('unknown-product', language)
      const { at, catalogueRevision, rules, lookedAt, holders, next, pack } = given
      const read = readBy(asked, 'holdersNotFitting')
      await service.privacy.reads.ofInvestors(
        read,
        holders.map(({ investorId }) => investorId),
      )
      const items = holders.map(({ investorId, rematched: { noLonger, today } }) => ({
        investorId,
        findings: noLonger.flatMap(({ findings }) => findingsInWords(findings, { pack, today, language })),
      }))
      const shown = { productId, at, catalogueRevision, rules: [...rules], lookedAt, items, next }
      return inLanguage(200, z.encode(HoldersAnswer, shown), language)
    },
  }
}
