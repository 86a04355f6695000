import { type DecisionId, type InvestorId, type ProductId } from '../../features/schema/ids.js'
import { type Event } from '../../features/schema/event.js'
import { type Instant } from '../../features/schema/time.js'
import { type LoggedPlace, type LoggedSlate } from './logged.js'

export type Exposure = Extract<Event, { type: 'exposure' }>

/** A slate as it was shown: products by rank. */
export type ShownSlate = {
  readonly investorId: InvestorId
  readonly decisionId: DecisionId
  readonly at: Instant
  readonly products: readonly ProductId[]
}

export type LogOptions = {
  /** By place, with which probability the target policy would have put the product there, given those above. */
  readonly target: (shown: ShownSlate) => readonly number[]
  /** What came of an exposure: see `followed` and `boughtFrom`. */
  readonly reward: (exposure: Exposure) => number
}

/** A place of the log, with the product that was shown. */
export type ReadPlace = LoggedPlace & { readonly productId: ProductId }
export type ReadSlate = LoggedSlate<ReadPlace> & { readonly decisionId: DecisionId }

/**
 * Exposures of a log as slates, by decision in the order of the log; what else it holds is passed over. Throws a
 * RangeError for a decision whose ranks are not 1, 2, 3, …: a slate that was logged in part cannot be weighted.
 */
export function slatesOfLog(events: readonly Event[], options: LogOptions): ReadSlate[] {
  const decisions = new Map<DecisionId, Exposure[]>()
  for (const event of events)
    if (event.type === 'exposure') {
      const places = decisions.get(event.decisionId)
      if (places === undefined) decisions.set(event.decisionId, [event])
      else places.push(event)
    }
  return [...decisions].map(([decisionId, exposures]) => slateOf(decisionId, exposures, options))
}

function slateOf(decisionId: DecisionId, exposures: readonly Exposure[], { target, reward }: LogOptions): ReadSlate {
  const places = [...exposures].sort((a, b) => a.rank - b.rank)
  const [first] = places
  const ranks = places.map(({ rank }) => rank)
  if (first === undefined || ranks.some((rank, i) => rank !== i + 1))
    throw new RangeError(
      `off-policy: decision ${decisionId} was logged with the ranks ${ranks.join()}, want 1, 2, 3, …`,
    )
  const { investorId, occurredAt: at } = first
  const targets = target({ investorId, decisionId, at, products: places.map(({ productId }) => productId) })
  return {
    investorId,
    decisionId,
    places: places.map((exposure, i) => ({
      eventId: exposure.eventId,
      productId: exposure.productId,
      propensity: exposure.propensity,
      target: targets[i] ?? Number.NaN,
      reward: reward(exposure),
    })),
  }
}

/**
 * Reward 1 where the product was viewed within so long after it was shown, by the last slate that showed it; else 0. It
 * counts views that would have come without the slate too. events: by time, each once.
 */
export function followed(events: readonly Event[], withinMs: number): LogOptions['reward'] {
  const last = new Map<string, Exposure>()
  const found = new Set<string>()
  for (const event of events) {
    if (event.type !== 'exposure' && event.type !== 'view') continue
    const key = `${event.investorId} ${event.productId}`
    const shown = last.get(key)
    if (event.type === 'exposure') last.set(key, event)
    else if (shown !== undefined && event.occurredAt - shown.occurredAt <= withinMs) found.add(shown.eventId)
  }
  return ({ eventId }) => (found.has(eventId) ? 1 : 0)
}

/** Reward 1 where the product was bought and the purchase names the decision; else 0. It depends on all of the slate. */
export function boughtFrom(events: readonly Event[]): LogOptions['reward'] {
  const found = new Set(
    events.flatMap((event) => (event.type === 'purchase' ? [`${event.decisionId} ${event.productId}`] : [])),
  )
  return ({ decisionId, productId }) => (found.has(`${decisionId} ${productId}`) ? 1 : 0)
}
