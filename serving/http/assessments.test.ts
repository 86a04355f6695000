import { FirmId, InvestorId } from '../../features/schema/ids.js'
import { type Investor } from '../../features/schema/investor.js'
import { formatInstant } from '../../features/schema/time.js'
import { at, fit, httpApp, type HttpApp } from '../../tests/httpApp.js'

let app: HttpApp
beforeAll(async () => {
  app = await httpApp()
})
afterAll(() => app.close())

const firm = FirmId.parse('default')
const put = (id: string, changes: Partial<Investor> = {}) =>
  app.service.putInvestor(firm, { ...fit, assessments: [], riskAssessment: null, ...changes, id: InvestorId.parse(id) })
const english = { 'accept-language': 'en' }

const middling = {
  income: '120k-300k',
  assets: '80k-300k',
  share: '30-50',
  debts: 'mortgage',
  education: 'some',
  experience: '1-3',
  held: ['money', 'bonds', 'mixed'],
  understood: ['money', 'bonds', 'mixed'],
  horizon: '3-5-years',
  aim: 'balance',
  loss: 'up-to-30',
  reaction: 'wait',
}
const assess = (id: string, answers: object = {}, headers: Record<string, string> = english) =>
  app.ask('assess', {
    path: `/v1/investors/${id}/assessments`,
    body: { questionnaireVersion: 'aptus-1', answers: { ...middling, ...answers } },
    headers,
  })
const typeOf = (json: unknown) => (json as { type: string }).type

test('the questions in the language asked for, without points', async () => {
  const path = '/v1/questionnaires/aptus-1'
  const { json, headers, text } = await app.ask('showQuestionnaire', { path, headers: english })
  expect(headers.get('content-language')).toBe('en')
  expect(text).not.toMatch(/points|weight|atMost/)
  const { questions } = json as { questions: { id: string; text: string; options: object[] }[] }
  expect(questions).toHaveLength(12)
  expect(questions[10]).toMatchObject({ id: 'loss', text: 'What is the largest loss that you can bear?' })
  const chinese = (await app.ask('showQuestionnaire', { path })).json as { questions: { text: string }[] }
  expect(chinese.questions[10]?.text).toBe('您能承受的最大投资损失是多少？')
  const unknown = await app.ask('showQuestionnaire', { path: '/v1/questionnaires/aptus-9' })
  expect([unknown.status, typeOf(unknown.json)]).toEqual([404, '/problems/unknown-questionnaire'])
})

test('level and facts stand in the profile afterwards, and the assessment in the record', async () => {
  await put('new')
  const { status, json } = await assess('new')
  expect(status).toBe(200)
  expect(json).toMatchObject({ level: 'C4', at: '2026-05-08T15:00:00Z', expiresOn: '2027-05-09', contradictions: [] })
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/new' })).json as { profile: object }
  expect(profile).toMatchObject({
    riskAssessment: { level: 'C4', questionnaireVersion: 'aptus-1', assessedAt: '2026-05-08T15:00:00Z' },
    assessments: ['2026-05-08T15:00:00Z'],
    horizonMonths: 36,
    objectives: ['income', 'growth'],
    lossCapacityBps: 3000,
  })
  const { assessmentId } = json as { assessmentId: string }
  const shown = await app.ask('showAssessment', { path: `/v1/assessments/${assessmentId}` })
  expect(shown.json).toMatchObject({
    entry: { type: 'assessment', questionnaire: { version: 'aptus-1' } },
    facts: { score: { points: 60, level: 'C4', answers: { loss: ['up-to-30'] } } },
  })
  await app.ask('deleteInvestor', { path: '/v1/investors/new' })
  expect((await app.ask('showAssessment', { path: `/v1/assessments/${assessmentId}` })).json).toMatchObject({
    facts: 'erased',
  })
})

test.each<[string, object, readonly string[]]>([
  ['a question left out', { loss: undefined }, ['/answers/loss']],
  ['an option that is none', { loss: 'all', aim: 'luck' }, ['/answers/aim', '/answers/loss']],
  ['two answers to one', { loss: ['none', 'up-to-5'] }, ['/answers/loss']],
  ['a question that is none', { 'a/b': 'none' }, ['/answers/a~1b']],
])('422 points to %s, and nothing changes', async (_, answers, pointers) => {
  await put('faulty')
  const { status, json } = await assess('faulty', answers)
  expect(status).toBe(422)
  expect((json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual(pointers)
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/faulty' })).json as { profile: object }
  expect(profile).toMatchObject({ riskAssessment: null, assessments: [] })
})

test('an unknown version is a fault of the request, an unknown investor a 404', async () => {
  await put('versioned')
  const path = '/v1/investors/versioned/assessments'
  const { status, json } = await app.ask('assess', { path, body: { questionnaireVersion: 'q9', answers: middling } })
  expect([status, json]).toMatchObject([422, { errors: [{ pointer: '/questionnaireVersion' }] }])
  expect((await assess('nobody')).status).toBe(404)
})

test('blocking contradictions give no level and do not count; others are noted', async () => {
  await put('torn')
  const { status, json } = await assess('torn', { loss: 'none', aim: 'aggressive', reaction: 'buy-more' })
  expect([status, typeOf(json)]).toEqual([409, '/problems/contradictory-answers'])
  expect((json as { contradictions: { id: string; blocking: boolean }[] }).contradictions).toMatchObject([
    { id: 'no-loss-and-aggressive', blocking: true, between: ['loss.none', 'aim.aggressive'] },
    { id: 'no-loss-and-buying-more', blocking: false },
  ])
  const anew = await assess('torn', { loss: 'none', aim: 'keep', reaction: 'buy-more' })
  expect(anew.json).toMatchObject({ level: 'C1', contradictions: [{ id: 'no-loss-and-buying-more' }] })
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/torn' })).json as { profile: object }
  expect(profile).toMatchObject({ riskAssessment: { acceptsNoLoss: true }, assessments: { length: 1 } })
})

test('a third on one day is refused with the day from which it may be taken, in both languages', async () => {
  await put('eager')
  expect([(await assess('eager')).status, (await assess('eager', { loss: 'up-to-5' })).status]).toEqual([200, 200])
  const third = await assess('eager')
  expect([third.status, third.json]).toMatchObject([
    409,
    { type: '/problems/too-many-assessments', limit: 'perDay', most: 2, againFrom: '2026-05-09' },
  ])
  expect((await assess('eager', {}, {})).json).toMatchObject({ title: '风险测评次数已达上限' })
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/eager' })).json as { profile: object }
  expect(profile).toMatchObject({ riskAssessment: { level: 'C2' }, assessments: { length: 2 } })
})

test('a ninth in twelve months is refused', async () => {
  const assessments = Array.from({ length: 8 }, (_, month) => at - (20 + 30 * month) * 86_400_000)
  await put('often', { assessments })
  expect((await assess('often')).json).toMatchObject({ limit: 'per12Months', most: 8, againFrom: '2026-09-20' })
})

test('a repeated key gives the same answer, and counts once; another investor may use it too', async () => {
  await put('retried')
  await put('other')
  const headers = { 'idempotency-key': 'assess-1' }
  const first = await assess('retried', {}, headers)
  expect((await assess('retried', {}, headers)).text).toBe(first.text)
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/retried' })).json as { profile: object }
  expect(profile).toMatchObject({ assessments: { length: 1 } })
  expect((await assess('other', {}, headers)).text).not.toBe(first.text)
  // Erased with the person: what was kept for the key told his level.
  await app.ask('deleteInvestor', { path: '/v1/investors/retried' })
  expect((await assess('retried', {}, headers)).status).toBe(404)
})

const bought = (investorId: string, productId: string) =>
  app.ask('addEvents', {
    body: {
      events: [
        {
          type: 'purchase',
          eventId: `${investorId}-${productId}`,
          investorId,
          productId,
          occurredAt: formatInstant(at - 1000),
          amount: { minor: 100_000, currency: 'CNY' },
        },
      ],
    },
  })
const ofLevel = (level: string) => {
  const found = app.catalogue.products.find(
    ({ rating, negativeTargetMarket: { toleranceLevels, investorClasses } }) =>
      rating?.level === level && toleranceLevels.length === 0 && investorClasses.length === 0,
  )
  if (found === undefined) throw new Error(`the market has no ${level}`)
  return found.id
}

test('a level that fell lists what no longer fits, in words; by investor and by product too', async () => {
  await put('holder', { riskAssessment: { ...fit.riskAssessment!, level: 'C4' } })
  await put('bystander')
  const [low, high] = [ofLevel('R1'), ofLevel('R4')]
  for (const productId of [low, high, 'GONE']) await bought('holder', productId)
  const path = '/v1/investors/holder/holdings'
  const before = await app.ask('matchHoldings', { path })
  expect(before.json).toMatchObject({ fits: [low, high].sort(), noLonger: [], unjudged: ['GONE'] })
  const { json } = await assess('holder', { loss: 'up-to-5' })
  expect(json).toMatchObject({
    level: 'C2',
    rematch: {
      rules: ['CN-MATCH', 'CN-C1MIN', 'CN-TARGET'],
      fits: [low],
      noLonger: [{ productId: high, findings: [{ ruleId: 'CN-MATCH' }] }],
      unjudged: ['GONE'],
    },
  })
  const after = await app.ask('matchHoldings', { path, headers: english })
  expect(after.json).toMatchObject({
    noLonger: [
      {
        productId: high,
        findings: [
          {
            text: "The product's risk level R4 is above your tolerance C2.",
            remedy: expect.stringContaining('Take the risk assessment again') as string,
          },
        ],
      },
    ],
  })
  const holders = (query = '', productId: string = high) =>
    app.ask('holdersNotFitting', { path: `/v1/products/${productId}/holders-not-fitting${query}` })
  expect((await holders()).json).toMatchObject({
    productId: high,
    items: [{ investorId: 'holder', findings: [{ ruleId: 'CN-MATCH' }] }],
    next: null,
  })
  expect((await holders('', low)).json).toMatchObject({ items: [] })
  expect((await holders('', 'P99999')).status).toBe(404)
  expect((await app.ask('matchHoldings', { path: '/v1/investors/nobody/holdings' })).status).toBe(404)
})

test('pages over the investors of the firm look at each once, and at none of another firm', async () => {
  const other = FirmId.parse('firm-b')
  for (const id of ['i-1', 'i-2']) await app.service.putInvestor(other, { ...fit, id: InvestorId.parse(id) })
  const high = ofLevel('R4')
  const pageAfter = async (after: string | null) =>
    (
      await app.ask('holdersNotFitting', {
        path: `/v1/products/${high}/holders-not-fitting?limit=2${after === null ? '' : `&after=${after}`}`,
      })
    ).json as { lookedAt: number; next: string | null; items: { investorId: string }[] }
  let [lookedAt, pages, after, found] = [0, 0, null as string | null, [] as string[]]
  do {
    const page = await pageAfter(after)
    lookedAt += page.lookedAt
    found = [...found, ...page.items.map(({ investorId }) => investorId)]
    after = page.next
    pages += 1
  } while (after !== null)
  const own = (await app.store.ids(1000)).filter((id) => !id.includes('/'))
  expect([lookedAt, found]).toEqual([own.length, ['holder']])
  expect(pages).toBe(Math.floor(own.length / 2) + 1)
  const theirs = await app.service.holdersNotFitting({ firmId: other, productId: null, limit: 100, after: null })
  expect(theirs).toMatchObject({ lookedAt: 2, next: null })
})
