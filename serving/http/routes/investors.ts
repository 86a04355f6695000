import { z } from 'zod'
import { type Service } from '../../service.js'
import { answer, noContent } from '../answer.js'
import { type Idempotency } from '../idempotency.js'
import { notInRange, otherId } from '../invalid.js'
import { problem } from '../problems.js'
import { type Handlers } from '../route.js'
import { InvestorAnswer } from '../schemas.js'

type Names = 'putInvestor' | 'getInvestor' | 'deleteInvestor'

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
    /**
     * Answers that are kept for repeated requests tell of the person too: they go first, and again afterwards, for
     * requests that came in between.
     */
    deleteInvestor: async ({ firmId, language, path: { id } }) => {
      await idempotency.forget(firmId, id)
      const known = await service.eraseInvestor(firmId, id)
      await idempotency.forget(firmId, id)
      return known ? noContent : problem('unknown-investor', language)
    },
  }
}
