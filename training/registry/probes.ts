import { type BehaviourEvent, foldEvents } from '../../features/definitions/behaviour.js'
import { type Interactions, interactionTypes } from '../../features/history/port.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { type Investor } from '../../features/schema/investor.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'

/**
 * At most `count` investors with all that they did, spread evenly over the list of ids: for looking at a model's scores,
 * not for judging them.
 */
export function probesOf(
  recorded: Interactions,
  profileOf: (id: InvestorId) => Investor,
  at: Instant,
  count = 32,
): readonly InvestorSnapshot[] {
  const { investorIds, productIds, rows } = recorded
  const step = Math.max(1, Math.floor(investorIds.length / count))
  const events = new Map<number, BehaviourEvent[]>()
  for (let place = 0; place < investorIds.length && events.size < count; place += step) events.set(place, [])
  rows.investor.forEach((investor, row) => {
    const productId = productIds[rows.product[row] ?? -1]
    const type = interactionTypes[rows.type[row] ?? -1]
    if (productId === undefined || type === undefined) return
    events.get(investor)?.push({ type, productId, occurredAt: rows.at[row] ?? at })
  })
  return [...events].flatMap(([place, did]) => {
    const id = investorIds[place]
    return id === undefined ? [] : [{ profile: profileOf(id), knownAt: at - 1, behaviour: foldEvents(did) }]
  })
}
