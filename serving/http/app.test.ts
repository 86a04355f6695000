import { Investor } from '../../features/schema/investor.js'
import { FirmId } from '../../features/schema/ids.js'
import { fit, httpApp, type HttpApp, productBody } from '../../tests/httpApp.js'
import { contract, type Route, type RouteName } from './contract/contract.js'
import { problems } from './problems.js'

let app: HttpApp
beforeAll(async () => (app = await httpApp()))
afterAll(() => app.close())

const { id: _, ...profile } = Investor.encode(fit)
const typeOf = (json: unknown): string => (json as { type: string }).type
const putInvestor = (id: string, body: unknown = profile) =>
  app.ask('putInvestor', { path: `/v1/investors/${id}`, body })

describe('investors', () => {
  test('put, got and put again as they were, deleted, gone', async () => {
    const path = '/v1/investors/i-1'
    expect((await app.ask('getInvestor', { path })).status).toBe(404)
    expect(await putInvestor('i-1')).toMatchObject({ status: 204, text: '' })
    const got = await app.ask('getInvestor', { path })
    expect(got.json).toMatchObject({ profile: { ...profile, id: 'i-1' }, behaviour: { purchased: [], viewed: [] } })
    expect((await putInvestor('i-1', (got.json as { profile: unknown }).profile)).status).toBe(204)
    expect((await app.ask('deleteInvestor', { path })).status).toBe(204)
    expect(typeOf((await app.ask('deleteInvestor', { path })).json)).toBe('/problems/unknown-investor')
    expect((await app.ask('getInvestor', { path })).status).toBe(404)
  })

  test('answers kept for repeated requests go with the person', async () => {
    await putInvestor('i-2')
    const again = () =>
      app.ask('recommend', { body: { investorId: 'i-2' }, headers: { 'idempotency-key': 'about-i-2' } })
    expect((await again()).status).toBe(200)
    await app.ask('deleteInvestor', { path: '/v1/investors/i-2' })
    expect((await again()).status).toBe(404)
  })

  test('firms do not see each other', async () => {
    await putInvestor('i-3')
    const key = await app.keys.add('app', FirmId.parse('other-bank'))
    const headers = { authorization: `Bearer ${key}` }
    expect((await app.ask('getInvestor', { path: '/v1/investors/i-3', scope: null, headers })).status).toBe(404)
    expect((await app.ask('getInvestor', { path: '/v1/investors/other-bank%2Fi-3' })).status).toBe(422)
    expect((await app.ask('recommend', { body: { investorId: 'other-bank/i-3' } })).status).toBe(422)
  })

  test.each<[string, unknown, string]>([
    ['another id', { ...profile, id: 'someone-else' }, '/id'],
    ['a level', { ...profile, riskAssessment: { ...profile.riskAssessment, level: 'C9' } }, '/riskAssessment/level'],
    ['an instant', { ...profile, assessments: ['yesterday'] }, '/assessments/0'],
    ['an unknown field', { ...profile, salary: 1 }, '/salary'],
    ['no consents', { riskAssessment: null }, '/consents'],
    ['a birth of some later day', { ...profile, birthDate: '2999-01-01' }, '/birthDate'],
    ['an assessment of later', { ...profile, assessments: ['2999-01-01T00:00:00Z'] }, '/assessments/0'],
  ])('422: %s', async (_, body, pointer) => {
    const { status, json } = await putInvestor('i-4', body)
    expect([status, (json as { errors: unknown[] }).errors]).toMatchObject([422, [{ in: 'body', pointer }]])
  })
})

describe('products', () => {
  test('pages join to the whole catalogue, in its order', async () => {
    const seen: string[] = []
    let after = ''
    for (;;) {
      const { json } = await app.ask('listProducts', { path: `/v1/products?limit=500${after}` })
      const page = json as { items: { id: string }[]; next: string | null }
      seen.push(...page.items.map(({ id }) => id))
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    expect(seen).toEqual(app.catalogue.products.map(({ id }) => id))
    const first = await app.ask('listProducts')
    expect((first.json as { items: unknown[] }).items).toHaveLength(100)
  })

  test.each([
    ['limit=0', '/limit'],
    ['limit=1001', '/limit'],
    ['limit=ten', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['after=no-such', '/after'],
    ['page=2', '/page'],
  ])('422: ?%s', async (query, pointer) => {
    const { status, json } = await app.ask('listProducts', { path: `/v1/products?${query}` })
    expect([status, (json as { errors: unknown[] }).errors]).toMatchObject([422, [{ in: 'query', pointer }]])
  })

  test('a status put binds the next decision, and why tells it', async () => {
    await putInvestor('i-5')
    const top = async () => {
      const { json } = await app.ask('recommend', { body: { investorId: 'i-5', size: 1 } })
      return json as { decisionId: string; items: { productId: string }[] }
    }
    const productId = (await top()).items[0]!.productId
    const ordinal = app.catalogue.products.findIndex(({ id }) => id === productId)
    const { json } = await app.ask('listProducts', { path: '/v1/products?limit=1000' })
    const body = { ...(json as { items: object[] }).items[ordinal], status: 'suspended' }
    const put = await app.ask('putProduct', { path: `/v1/products/${productId}`, body })
    expect(put.json).toEqual({ productId, catalogueRevision: 2 })
    const after = await top()
    expect(after.items[0]!.productId).not.toBe(productId)
    const why = await app.ask('whyProduct', { path: `/v1/decisions/${after.decisionId}/products/${productId}` })
    expect(why.json).toMatchObject({ permitted: false, findings: [{ ruleId: 'CN-LIFE', remedy: null }] })
  })

  test('values out of range: refused with a pointer where they cannot be true, else taken in, and both counted', async () => {
    const fees = { purchaseBps: 10_001, managementBps: null, custodyBps: 101, redemptionTiers: [] }
    const put = (body: object) => app.ask('putProduct', { path: '/v1/products/ODD', body })
    const body = { ...productBody(3), id: 'ODD' }
    expect(await put({ ...body, fees })).toMatchObject({
      status: 422,
      json: { errors: [{ in: 'body', pointer: '/fees/purchaseBps' }] },
    })
    expect((await put({ ...body, fees: { ...fees, purchaseBps: 10 } })).status).toBe(200)
    const { text } = await app.ask('metrics')
    expect(text).toMatch(/^aptus_features_out_of_range_total\{field="product.fees.purchaseBps",outcome="refused"\} 1$/m)
    expect(text).toMatch(/^aptus_features_out_of_range_total\{field="product.fees.purchaseBps",outcome="odd"\} 0$/m)
    expect(text).toMatch(/^aptus_features_out_of_range_total\{field="product.fees.custodyBps",outcome="odd"\} 2$/m)
  })

  test('an unknown catalogue is a 503, another id in the body a 422', async () => {
    app.stop({ ready: false, reason: 'no-catalogue', detail: '' })
    expect(typeOf((await app.ask('listProducts')).json)).toBe('/problems/no-catalogue')
    app.stop(null)
    const { status } = await app.ask('putProduct', { path: '/v1/products/OTHER', body: productBody(3) })
    expect(status).toBe(422)
  })
})

describe('decisions', () => {
  test('unknown ones are 404; those of an erased person stand, and cannot be explained', async () => {
    expect((await app.ask('showDecision', { path: '/v1/decisions/none' })).status).toBe(404)
    expect((await app.ask('whyProduct', { path: '/v1/decisions/none/products/P00001' })).status).toBe(404)
    await putInvestor('i-6')
    const { json } = await app.ask('recommend', { body: { investorId: 'i-6' } })
    const path = `/v1/decisions/${(json as { decisionId: string }).decisionId}`
    expect((await app.ask('showDecision', { path })).json).toMatchObject({ inputs: { profile: { horizonMonths: 36 } } })
    await app.ask('deleteInvestor', { path: '/v1/investors/i-6' })
    expect((await app.ask('showDecision', { path })).json).toMatchObject({ inputs: 'erased' })
    expect((await app.ask('whyProduct', { path: `${path}/products/P00001` })).status).toBe(410)
  })
})

test('releases, health, readiness, metrics, description', async () => {
  expect((await app.ask('listReleases')).json).toMatchObject({ items: [{ active: true }] })
  expect((await app.ask('listModels')).json).toEqual({ items: [] })
  const unknown = { path: `/v1/releases/sha256:${'0'.repeat(64)}/activate` }
  expect(await app.ask('activateRelease', unknown)).toMatchObject({
    status: 404,
    json: { type: '/problems/unknown-release' },
  })
  expect(await app.ask('rollbackRelease', { body: {} })).toMatchObject({ status: 409 })
  expect(await app.ask('promoteModel', { path: '/v1/models/run-x/promote', body: {} })).toMatchObject({ status: 422 })
  expect((await app.ask('health')).json).toEqual({ status: 'ok' })
  expect((await app.ask('ready')).json).toMatchObject({ ready: true })
  app.metrics.recheckDisagreements.add(2)
  await putInvestor('i-7')
  await app.ask('recommend', { body: { investorId: 'i-7' } })
  const { text, headers } = await app.ask('metrics')
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(text).toMatch(/^aptus_decisions_total\{outcome="personal"\} [1-9]/m)
  expect(text).toMatch(/^aptus_recheck_disagreements_total 2$/m)
  expect(text).toMatch(/^aptus_recommendation_seconds_count [1-9]/m)
  expect(text).not.toContain('i-7')
  expect((await app.ask('docs')).text).toMatch(/^<!doctype html>/)
})

const scoped = (Object.entries(contract) as [RouteName, Route][]).filter(([, { scope }]) => scope !== null)
test.each(scoped.map(([name]) => [name]))(
  '%s: 401 without a known key, 403 with one of another scope',
  async (name) => {
    const { scope, path }: Route = contract[name]
    const there = { path: path.replace(/\{[^}]+\}/g, 'x') }
    for (const authorization of [undefined, 'Bearer', 'Bearer aptus_app_unknown', 'Basic eDp5'])
      expect(
        await app.ask(name, { ...there, scope: null, ...(authorization ? { headers: { authorization } } : {}) }),
      ).toMatchObject({ status: 401, json: { type: '/problems/unauthenticated' } })
    const other = scope === 'risk' ? 'app' : 'risk'
    const forbidden = await app.ask(name, { ...there, scope: other })
    expect(forbidden).toMatchObject({ status: 403, json: { type: '/problems/forbidden', scope } })
  },
)

describe('faults of a request', () => {
  const path = '/v1/recommendations'
  const type = (contentType: string) => ({ headers: { 'content-type': contentType } })
  test.each<[string, number, Parameters<HttpApp['ask']>[1]]>([
    ['invalid-json', 400, { raw: '{"investorId":' }],
    ['invalid-json', 400, { raw: '"text"' }],
    ['malformed-request', 400, { path: '/v1/investors/%E0%A4%A' }],
    ['body-too-large', 413, { raw: `"${'x'.repeat(1100 * 1024)}"` }],
    ['unsupported-media-type', 415, { raw: 'investorId=1', ...type('application/x-www-form-urlencoded') }],
    ['unsupported-media-type', 415, { raw: '{}', ...type('application/json; charset=latin1') }],
    ['unsupported-media-type', 415, { raw: '{}', headers: { 'content-encoding': 'gzip' } }],
    ['unsupported-media-type', 415, {}],
  ])('%s: %i', async (name, status, init) => {
    const reply = await app.ask(init?.path === undefined ? 'recommend' : 'getInvestor', init)
    expect([reply.status, typeOf(reply.json)]).toEqual([status, `/problems/${name}`])
  })

  test('unknown routes are 404, other methods 405 with Allow', async () => {
    for (const unknown of ['/', '/v1', '/v1/Products', '/v1/investors/a/b', '/problems/none'])
      expect(await app.fetched('GET', unknown)).toMatchObject({
        status: 404,
        json: { type: '/problems/unknown-route' },
      })
    const { status, headers } = await app.fetched('PATCH', '/v1/investors/x')
    expect([status, headers.get('allow')]).toEqual([405, 'PUT, GET, HEAD, DELETE'])
    expect((await app.fetched('GET', path)).status).toBe(405)
  })

  test('an unexpected error is a 500 that tells nothing, logged without the ids of the request', async () => {
    app.fail(new Error('no row for investor-77 in /srv/aptus/data/store.mdb'))
    const { status, text, json } = await app.ask('recommend', { body: { investorId: 'investor-77' } })
    app.fail(null)
    expect(status).toBe(500)
    expect(text).not.toMatch(/srv|store|investor-77|at /)
    const entry = app.logged.at(-1)
    expect(entry).toMatchObject({ event: 'unexpected-error', instance: (json as { instance: string }).instance })
    expect(entry?.message).toBe('no row for [id] in /srv/aptus/data/store.mdb')
    expect(JSON.stringify(entry)).not.toContain('investor-77')
    expect(entry?.stack.length).toBeGreaterThan(0)
  })
})

test('no answer to bad input shows a path of the machine, a stack, or the value that was sent', async () => {
  const bad = [
    '{',
    '[]',
    'null',
    '{"investorId":{}}',
    '{"__proto__":{"x":1}}',
    '{"investorId":"<script>secret"}',
    '\u0000',
  ]
  const replies = await Promise.all([
    ...bad.map((raw) => app.ask('recommend', { raw })),
    ...['%00', '..%2f..%2fetc', '<script>secret', 'a%20b'].map((id) =>
      app.ask('getInvestor', { path: `/v1/investors/${id}` }),
    ),
    ...['/v1/nothing/secret', '/%'].map((path) => app.fetched('GET', path)),
  ])
  for (const { status, text } of replies) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(text).not.toMatch(/node_modules|file:\/\/|\/work\/|\.[jt]s:\d|\bat \S+ \(|secret|\/etc/)
  }
  expect(app.logged.filter(({ event }) => event === 'unexpected-error').length).toBeLessThanOrEqual(1)
})

test('each problem has words in both languages, and its type leads to them', async () => {
  for (const [name, { status, title, detail }] of Object.entries(problems)) {
    for (const text of [title['zh-CN'], detail['zh-CN']]) expect(text).toMatch(/[一-鿿]/)
    for (const text of [title.en, detail.en]) expect(text).toMatch(/^[\x20-\x7e]+$/)
    expect(status).toBeGreaterThanOrEqual(400)
    const { headers } = await app.fetched('GET', `/problems/${name}`)
    expect(headers.get('location')).toBe(`/docs#problem-${name}`)
  }
})
