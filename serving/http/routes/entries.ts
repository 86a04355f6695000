import { type Found } from '../../../audit/search/found.js'
import { formatInstant } from '../../../features/schema/time.js'
import { type Service } from '../../service.js'
import { answer } from '../answer.js'
import { type Handlers } from '../route.js'

const shown = <T extends Found>(found: T) => ({ ...found, at: formatInstant(found.at) })

export function entryRoutes({
  audit: { entries },
}: Service): Handlers<'findEntries' | 'sampleDecisions' | 'coverDecisions'> {
  return {
    findEntries: async ({ firmId, query: { investor, product, rule, limit, after, ...asked } }) => {
      const names = { investorId: investor, productId: product, ruleId: rule }
      const { items, next } = await entries.find(firmId, { ...asked, ...names }, { limit, after })
      return answer(200, { items: items.map(shown), next })
    },
    sampleDecisions: async ({ firmId, query: { n, seed, from, to } }) => {
      const sample = await entries.sample(firmId, { count: n, seed, from, to })
      return answer(200, { ...sample, items: sample.items.map(shown) })
    },
    coverDecisions: async ({ firmId, query }) => answer(200, { ...(await entries.coverage(firmId, query)) }),
  }
}
