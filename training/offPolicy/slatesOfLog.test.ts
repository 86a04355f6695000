import { Event } from '../../features/schema/event.js'
import { boughtFrom, followed, slatesOfLog } from './slatesOfLog.js'

const minute = (n: number): string => new Date(Date.parse('2026-05-08T10:00:00Z') + 60_000 * n).toISOString()
let events = 0
const event = (at: number, type: string, productId: string, others: object = {}): Event =>
  Event.parse({ eventId: `E${++events}`, investorId: 'I1', occurredAt: minute(at), type, productId, ...others })
const shown = (at: number, decisionId: string, rank: number, productId: string): Event =>
  event(at, 'exposure', productId, { decisionId, rank, propensity: 0.5 })

const log = [
  shown(0, 'D1', 2, 'B'),
  shown(0, 'D1', 1, 'A'),
  event(1, 'view', 'B'),
  event(2, 'view', 'C'),
  shown(10, 'D2', 1, 'B'),
  event(14, 'view', 'A'),
  event(15, 'purchase', 'B', { decisionId: 'D2' }),
  event(16, 'purchase', 'A', { decisionId: null }),
  event(17, 'view', 'B'),
]
const target = ({ products }: { readonly products: readonly string[] }) => products.map(() => 0.25)

test('slates by rank, with what the target would have done and what came of it', () => {
  const slates = slatesOfLog(log, { target, reward: followed(log, 5 * 60_000) })
  expect(slates.map(({ decisionId, places }) => [decisionId, ...places.map(({ productId }) => productId)])).toEqual([
    ['D1', 'A', 'B'],
    ['D2', 'B'],
  ])
  // A was viewed too late; B of D2 seven minutes after it was shown.
  expect(slates.map(({ places }) => places.map(({ reward }) => reward))).toEqual([[0, 1], [0]])
  expect(slates[0]?.places[0]).toMatchObject({ propensity: 0.5, target: 0.25 })
})

test('a view counts for the slate that showed the product last', () => {
  const later = slatesOfLog(log, { target, reward: followed(log, 8 * 60_000) })
  expect(later.map(({ places }) => places.map(({ reward }) => reward))).toEqual([[0, 1], [1]])
})

test('a purchase counts where it names the decision', () => {
  const slates = slatesOfLog(log, { target, reward: boughtFrom(log) })
  expect(slates.map(({ places }) => places.map(({ reward }) => reward))).toEqual([[0, 0], [1]])
})

test('a slate that was logged in part is refused', () => {
  const partly = [shown(0, 'D7', 1, 'A'), shown(0, 'D7', 3, 'B')]
  expect(() => slatesOfLog(partly, { target, reward: () => 0 })).toThrow('decision D7 was logged with the ranks 1,3')
})
