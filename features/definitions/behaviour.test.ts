import fc from 'fast-check'
import { noBehaviour } from '../schema/behaviour.js'
import { Event } from '../schema/event.js'
import { type ProductId } from '../schema/ids.js'
import { type BehaviourEvent, foldEvent, foldEvents, purchasedCap, viewedCap } from './behaviour.js'

const event = (type: BehaviourEvent['type'], productId: string | null, occurredAt: number): BehaviourEvent => ({
  type,
  productId: productId as ProductId | null,
  occurredAt,
})
const anyEvent = fc
  .tuple(fc.constantFrom(...Event.options.map(({ shape }) => shape.type.value)), fc.nat(20), fc.nat(50))
  .map(([type, product, at]) => event(type, type === 'content-read' && product === 0 ? null : `p${product}`, at))

describe('behaviour', () => {
  test.each([
    { type: 'purchase', purchased: 1, viewed: 0 },
    { type: 'view', purchased: 0, viewed: 1 },
    { type: 'content-read', purchased: 0, viewed: 1 },
    { type: 'exposure', purchased: 0, viewed: 0 },
    { type: 'redemption', purchased: 0, viewed: 0 },
    { type: 'recurring-plan', purchased: 0, viewed: 0 },
  ] as const)('a $type counts into its list', ({ type, purchased, viewed }) => {
    const folded = foldEvent(noBehaviour, event(type, 'p1', 5))
    expect([folded.purchased.length, folded.viewed.length]).toEqual([purchased, viewed])
  })

  test('content read without a product changes nothing', () => {
    expect(foldEvent(noBehaviour, event('content-read', null, 5))).toBe(noBehaviour)
  })

  test('a redemption leaves the purchase standing', () => {
    const folded = foldEvents([event('purchase', 'p1', 5), event('redemption', 'p1', 9)])
    expect(folded.purchased).toEqual([{ productId: 'p1', count: 1, lastAt: 5 }])
  })

  test('lists run newest first, ties by id, and a late arrival moves nothing back', () => {
    const events = [event('view', 'b', 7), event('view', 'a', 7), event('view', 'c', 9), event('view', 'c', 1)]
    expect(foldEvents(events).viewed).toEqual([
      { productId: 'c', count: 2, lastAt: 9 },
      { productId: 'a', count: 1, lastAt: 7 },
      { productId: 'b', count: 1, lastAt: 7 },
    ])
  })

  test('caps keep the newest', () => {
    const of = (type: BehaviourEvent['type']): BehaviourEvent[] =>
      Array.from({ length: 600 }, (_, n) => event(type, `p${n}`, n))
    const folded = foldEvents([...of('purchase'), ...of('view')])
    expect([folded.purchased.length, folded.viewed.length]).toEqual([purchasedCap, viewedCap])
    expect(folded.viewed.at(-1)).toEqual({ productId: 'p400', count: 1, lastAt: 400 })
  })

  test('any order of arrival gives the same behaviour', () => {
    const shuffled = fc
      .array(anyEvent, { maxLength: 80 })
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })))
    fc.assert(
      fc.property(shuffled, ([events, other]) => {
        expect(foldEvents(other)).toEqual(foldEvents(events))
      }),
    )
  })

  test('one by one, in parts or at once: the same', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 80 }), fc.nat(80), (events, cut) => {
        const atOnce = foldEvents(events)
        expect(events.reduce(foldEvent, noBehaviour)).toEqual(atOnce)
        expect(foldEvents(events.slice(cut), foldEvents(events.slice(0, cut)))).toEqual(atOnce)
      }),
    )
  })

  test('folding changes nothing that it was given', () => {
    const before = Object.freeze({ purchased: Object.freeze([]), viewed: Object.freeze([]) })
    expect(foldEvent(before as never, event('purchase', 'p1', 5))).not.toBe(before)
  })
})
