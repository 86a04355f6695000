import { type Found, personsIn } from '../../../audit/search/found.js'
import { formatInstant } from '../../../features/schema/time.js'
import { type Service } from '../../service.js'
import { answer } from '../answer.js'
import { readBy } from '../recordedReads.js'
import { type Handlers } from '../route.js'

const shown = <T extends Found>(found: T) => ({ ...found, at: formatInstant(found.at) })

export function entryRoutes({
  audit: { entries },
  privacy: { reads },
}: Service): Handlers<'findEntries' | 'sampleDecisions' | 'coverDecisions'> {
  return {
    findEntries: async (asking) => {
      const { firmId, query } = asking
      const { investor, product, rule, limit, after, ...asked } = query
      const names = { investorId: investor, productId: product, ruleId: rule }
      const { items, next } = await entries.find(firmId, { ...asked, ...names }, { limit, after })
      await reads.ofPersons(readBy(asking, 'findEntries'), personsIn(items))
      return answer(200, { items: items.map(shown), next })
    },
    sampleDecisions: async (asking) => {
      const { firmId, query } = asking
      const { n, seed, from, to } = query
      const sample = await entries.sample(firmId, { count: n, seed, from, to })
      await reads.ofPersons(readBy(asking, 'sampleDecisions'), personsIn(sample.items))
      return answer(200, { ...sample, items: sample.items.map(shown) })
    },
    coverDecisions: async ({ firmId, query }) => answer(200, { ...(await entries.coverage(firmId, query)) }),
  }
}
