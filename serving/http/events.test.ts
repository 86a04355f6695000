import { FirmId } from '../../features/schema/ids.js'
import { formatInstant } from '../../features/schema/time.js'
import { at, fit, httpApp, type HttpApp } from '../../tests/httpApp.js'

let app: HttpApp
beforeAll(async () => {
  app = await httpApp()
  await app.service.putInvestor(FirmId.parse('default'), { ...fit, id: 'i1' as typeof fit.id })
})
afterAll(() => app.close())

const view = (eventId: string, changes: Record<string, unknown> = {}) => ({
  type: 'view',
  eventId,
  investorId: 'i1',
  productId: 'P1',
  occurredAt: formatInstant(at - 1000),
  ...changes,
})
const post = (body: unknown, headers: Record<string, string> = {}) => app.ask('addEvents', { body, headers })

test('events are counted, and read with the investor', async () => {
  const answer = await post({ events: [view('e1'), view('e2'), view('e1')] })
  expect(answer).toMatchObject({ status: 200, json: { accepted: 2, duplicates: 1 } })
  const { json } = await app.ask('getInvestor', { path: '/v1/investors/i1' })
  expect(json).toMatchObject({ behaviour: { viewed: [{ productId: 'P1', count: 2 }] } })
})

test('purchases and redemptions are read as lots, the oldest first, and plans as under way', async () => {
  const ago = (days: number) => formatInstant(at - days * 86_400_000)
  const trade = (eventId: string, type: string, days: number, fields: object) =>
    view(eventId, { type, occurredAt: ago(days), ...fields })
  const [cny, units] = [(minor: number) => ({ minor, currency: 'CNY' }), (count: number) => count * 1_000_000]
  const events = [
    trade('h3', 'redemption', 1, { unitsMicros: units(50), amount: cny(7_000) }),
    trade('h2', 'purchase', 2, { amount: cny(5_000), unitsMicros: units(40) }),
    trade('h1', 'purchase', 3, { amount: cny(8_000), unitsMicros: units(80) }),
    trade('h4', 'recurring-plan', 2, { action: 'started', amount: cny(5_000) }),
    trade('h5', 'redemption', 1, { productId: 'P9' }),
  ]
  expect((await post({ events })).json).toEqual({ accepted: 5, duplicates: 0 })
  expect((await app.ask('getInvestor', { path: '/v1/investors/i1' })).json).toMatchObject({
    holdings: {
      positions: [
        {
          productId: 'P1',
          lots: [
            { boughtAt: ago(3), amount: cny(3_000), unitsMicros: units(30) },
            { boughtAt: ago(2), amount: cny(5_000), unitsMicros: units(40) },
          ],
          unmatchedRedemptions: 0,
        },
        { productId: 'P9', lots: [], unmatchedRedemptions: 1 },
      ],
      plans: [{ productId: 'P1', since: ago(2), amount: cny(5_000) }],
    },
  })
})

test('an Idempotency-Key gives the first answer again, and stands for one body', async () => {
  const body = { events: [view('k1')] }
  const headers = { 'idempotency-key': 'one' }
  expect((await post(body, headers)).json).toEqual({ accepted: 1, duplicates: 0 })
  expect((await post(body, headers)).json).toEqual({ accepted: 1, duplicates: 0 })
  expect((await post(body)).json).toEqual({ accepted: 0, duplicates: 1 })
  expect((await post({ events: [view('k2')] }, headers)).json).toMatchObject({
    type: '/problems/idempotency-key-reused',
  })
  await app.ask('deleteInvestor', { path: '/v1/investors/i1' })
  expect((await post(body, headers)).json).toMatchObject({ type: '/problems/invalid-request' })
  await app.service.putInvestor(FirmId.parse('default'), { ...fit, id: 'i1' as typeof fit.id })
})

test('a thousand of the longest events fit, and no more than a thousand', async () => {
  const long = 'x'.repeat(123)
  const purchase = (n: number) => ({
    ...view(`${String(n).padStart(5, '0')}${long}`, { type: 'purchase', productId: `pppp-${long}` }),
    amount: { minor: 1_000_000_000_000_000, currency: 'CNY' },
    unitsMicros: 9_007_199_254_740_991,
    decisionId: `dddd-${long}`,
  })
  const events = Array.from({ length: 1001 }, (_, n) => purchase(n))
  expect((await post({ events: events.slice(1) })).json).toEqual({ accepted: 1000, duplicates: 0 })
  expect(await post({ events })).toMatchObject({ status: 422, json: { errors: [{ pointer: '/events' }] } })
})

const shown = { type: 'exposure', decisionId: 'd1', rank: 1 }
const later = formatInstant(at + 300_001)
test.each([
  ['no events', [], '/events', /1/],
  [
    'an unknown investor',
    [view('f1'), view('f2', { investorId: 'nobody' })],
    '/events/1/investorId',
    /put his profile/,
  ],
  [
    'an event of before 1990',
    [view('f0', { occurredAt: '1970-01-01T00:00:00Z' })],
    '/events/0/occurredAt',
    /1990-01-01/,
  ],
  [
    'an amount that nobody has',
    [view('f1'), view('f2', { type: 'purchase', amount: { minor: 1e15 + 1, currency: 'CNY' } })],
    '/events/1/amount/minor',
    /1000000000000000 minor units/,
  ],
  ['an event from later on', [view('f3', { occurredAt: later })], '/events/0/occurredAt', /5 minutes/],
  ['when it was known', [view('f4', { knownAt: formatInstant(at) })], '/events/0/knownAt', /the server sets the time/],
  ['another type', [view('f5', { type: 'sale' })], '/events/0/type', /./],
  ['an exposure without its decision', [view('f6', { type: 'exposure', rank: 1 })], '/events/0/decisionId', /./],
  ['a propensity of none', [view('f8', { ...shown, propensity: 0 })], '/events/0/propensity', /0/],
  ['a propensity above 1', [view('f9', { ...shown, propensity: 1.01 })], '/events/0/propensity', /1/],
  ['no units', [view('f10', { type: 'purchase', unitsMicros: 0 })], '/events/0/unitsMicros', /1/],
  ['a rank on a view', [view('f7', { rank: 1 })], '/events/0/rank', /not a field/],
])('422 with a pointer: %s', async (_, events, pointer, message) => {
  const answer = await post({ events })
  const words = expect.stringMatching(message) as string
  expect(answer).toMatchObject({ status: 422, json: { errors: [{ in: 'body', pointer, message: words }] } })
  expect(answer.text).not.toContain('nobody')
})

test('only the app may post events', async () => {
  expect((await app.ask('addEvents', { body: { events: [view('g1')] }, scope: 'catalogue' })).status).toBe(403)
})
