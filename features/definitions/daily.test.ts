import fc from 'fast-check'
import { type DailyCount, noDaily } from '../schema/daily.js'
import { type ProductId } from '../schema/ids.js'
import { type BehaviourEvent } from './behaviour.js'
import { dailyCap, dailyDays, foldDaily } from './daily.js'

const day = 86_400_000
const event = (type: BehaviourEvent['type'], productId: string | null, at: number): BehaviourEvent => ({
  type,
  productId: productId as ProductId | null,
  occurredAt: at,
})

/** Over so many days and products that both caps are met. */
const anyEvent = fc
  .record({
    type: fc.constantFrom('view' as const, 'purchase' as const, 'redemption' as const, 'exposure' as const),
    product: fc.integer({ min: 0, max: 40 }),
    at: fc.integer({ min: 0, max: 900 * day }),
  })
  .map(({ type, product, at }) => event(type, `p${product}`, at))

/** What the fold should come to, from all events at once, by plain counting. */
function plainly(events: readonly BehaviourEvent[]): DailyCount[] {
  const kinds = { view: 'viewed', 'content-read': 'viewed', purchase: 'purchased', redemption: 'redeemed' } as const
  const order = ['viewed', 'purchased', 'redeemed']
  const all = new Map<string, DailyCount>()
  for (const { type, productId, occurredAt } of events) {
    if (!(type in kinds) || productId === null) continue
    const kind = kinds[type as keyof typeof kinds]
    const on = Math.floor(occurredAt / day)
    const key = `${on}/${kind}/${productId}`
    all.set(key, { day: on, kind, productId, count: (all.get(key)?.count ?? 0) + 1 })
  }
  const newest = Math.max(...[...all.values()].map((entry) => entry.day))
  return [...all.values()]
    .filter((entry) => entry.day > newest - dailyDays)
    .sort(
      (a, b) => b.day - a.day || order.indexOf(a.kind) - order.indexOf(b.kind) || (a.productId < b.productId ? -1 : 1),
    )
    .slice(0, dailyCap)
}

test('in any order, in any parts, past both caps, the counts are the same', () => {
  let capped = 0
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(anyEvent, { maxLength: 90 }),
        fc.array(anyEvent, { minLength: 700, maxLength: 900, size: 'max' }),
      ),
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (events, parts, keys) => {
        const shuffled = events.map((one) => ({ one, key: keys.next().value as number }))
        shuffled.sort((a, b) => a.key - b.key)
        let daily = noDaily
        for (let part = 0; part < parts; part += 1)
          daily = foldDaily(
            shuffled.filter((_, n) => n % parts === part).map(({ one }) => one),
            daily,
          )
        const expected = plainly(events)
        if (expected.length === dailyCap) capped += 1
        expect(daily).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
  expect(capped).toBeGreaterThan(5)
})

test('counts by UTC day, kind and product; what is no activity leaves it as it was', () => {
  const some = foldDaily([event('view', 'a', day - 1), event('content-read', 'a', 0), event('view', 'a', day)])
  expect(some).toEqual([
    { day: 1, kind: 'viewed', productId: 'a', count: 1 },
    { day: 0, kind: 'viewed', productId: 'a', count: 2 },
  ])
  expect(foldDaily([event('exposure', 'a', 5), event('recurring-plan', 'a', 5), event('view', null, 5)], some)).toBe(
    some,
  )
})
