import fc from 'fast-check'
import { Event } from '../features/schema/event.js'
import { type EventRecord } from '../features/schema/records.js'
import { formatInstant } from '../features/schema/time.js'

const size = {
  amount: fc.option(fc.record({ minor: fc.integer({ min: 0, max: 12 }), currency: fc.constantFrom('CNY', 'USD') })),
  unitsMicros: fc.option(fc.integer({ min: 1, max: 12 })),
}
const on = { productId: fc.constantFrom('p0', 'p1', 'p2'), at: fc.nat(30) }

/** What an investor may do, over few products and instants, so that ties, shortages and unknown sizes are frequent. */
export const anyTrade = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('purchase' as const), ...on, ...size }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('redemption' as const), ...on, ...size }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('view' as const), ...on }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('recurring-plan' as const),
      action: fc.constantFrom('started' as const, 'stopped' as const),
      amount: size.amount,
      ...on,
    }),
  },
)
export type AnyTrade = typeof anyTrade extends fc.Arbitrary<infer T> ? T : never

/** It as an event that was known as it happened. */
export const tradeRecord = (eventId: string, investorId: string, { at, ...trade }: AnyTrade): EventRecord => ({
  knownAt: at,
  value: Event.parse({ eventId, investorId, occurredAt: formatInstant(at), ...trade }),
})
