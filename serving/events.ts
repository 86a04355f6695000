import { type Event } from '../features/schema/event.js'
import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { keyOf } from './investorKey.js'

/** How far ahead of ours a caller's clock may run, ms. */
const mostAheadMs = 5 * 60_000

/** Why an event is not taken in, by its place in the request; then nothing of the request is. */
export type EventFault = { readonly place: number; readonly code: 'unknown-investor' | 'occurred-later' }

export const faultsOfEvents = (
  events: readonly Event[],
  known: ReadonlySet<InvestorId>,
  now: Instant,
): readonly EventFault[] =>
  events.flatMap(({ investorId, occurredAt }, place) => [
    ...(known.has(investorId) ? [] : [{ place, code: 'unknown-investor' as const }]),
    ...(occurredAt > now + mostAheadMs ? [{ place, code: 'occurred-later' as const }] : []),
  ])

/**
 * Events as both stores keep them, known from now on: investor and event under the firm's own keys, so that one firm's
 * event id is no duplicate of another's.
 */
export const recordsOf = (firmId: FirmId, events: readonly Event[], knownAt: Instant): readonly EventRecord[] =>
  events.map((event) => ({
    knownAt,
    value: {
      ...event,
      investorId: keyOf(firmId, event.investorId),
      eventId: keyOf(firmId, event.eventId),
      ...(event.type === 'cancellation' && { cancels: keyOf(firmId, event.cancels) }),
    },
  }))

/** The persons of some events, each once, in one order for all requests: so no two wait for each other's locks. */
export const personsOf = (events: readonly Event[]): readonly InvestorId[] =>
  [...new Set(events.map(({ investorId }) => investorId))].sort()
