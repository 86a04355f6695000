import { z } from 'zod'
import { type Service } from '../../service.js'
import { answer, noContent } from '../answer.js'
import { type Idempotency } from '../idempotency.js'
import { notInRange, otherId } from '../invalid.js'
import { eraseWithAnswers, erasureShown, personalDataShown } from '../personalDataShown.js'
import { ErasureAnswer } from '../privacySchemas.js'
import { problem } from '../problems.js'
import { readBy } from '../recordedReads.js'
import { type Handlers } from '../route.js'
import { InvestorAnswer } from '../schemas.js'

type Names = 'putInvestor' | 'getInvestor' | 'deleteInvestor' | 'exportInvestor'

export function investorRoutes(service: Service, idempotency: Idempotency): Handlers<Names> {
  return {
    putInvestor: async ({ firmId, language, path: { id }, body }) => {
      if (body.id !== undefined && body.id !== id) return otherId(language)
      const faults = service.ranges.faults('investor', { ...body, id })
      if (faults.length > 0)
        return notInRange(
          faults.map((fault) => ({ at: [], fault })),
          language,
        )
      await service.putInvestor(firmId, { ...body, id })
      return noContent
    },
    getInvestor: async ({ firmId, language, path: { id } }) => {
      const found = await service.investor(firmId, id)
      return found === null ? problem('unknown-investor', language) : answer(200, z.encode(InvestorAnswer, found))
    },
    deleteInvestor: async ({ firmId, language, path: { id }, query: { report } }) => {
      const erased = await eraseWithAnswers(service, idempotency, firmId, id)
      if (erased === null) return problem('unknown-investor', language)
      return report ? answer(200, z.encode(ErasureAnswer, erasureShown(erased))) : noContent
    },
    exportInvestor: async (asked) => {
      const { firmId, language, path } = asked
      const data = await service.privacy.personalData(readBy(asked, 'exportInvestor'), path.id)
      if (data === null) return problem('unknown-investor', language)
      return answer(200, personalDataShown(data, await idempotency.about(firmId, path.id)))
    },
  }
}
