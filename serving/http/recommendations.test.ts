import { scenes, refusalCodes } from '../../engine/decision.js'
import { type Investor } from '../../features/schema/investor.js'
import { FirmId } from '../../features/schema/ids.js'
import { type UnavailableReason, unavailableReasons } from '../service.js'
import { at, fit, httpApp, type HttpApp } from '../../tests/httpApp.js'
import { refusals } from './refusals.js'
import { type Recommendation } from './schemas.js'
import { type z } from 'zod'

let app: HttpApp
/** China's rules ask for no whole profile. */
let american: HttpApp
beforeAll(async () => {
  app = await httpApp()
  for (const [id, changes] of Object.entries(people)) await put(id, changes)
  const yearsAgo = { knownAt: at - 3 * 365 * 86_400_000, value: { ...fit, id: idOf('profile-stale') } }
  await app.store.putProfiles([yearsAgo])
  american = await httpApp('us-finra')
  const untold = { ...fit, finances: null, id: idOf('profile-incomplete') }
  await american.service.putInvestor(FirmId.parse('default'), untold)
})
afterAll(() => Promise.all([app.close(), american.close()]))

const people: Readonly<Record<string, Partial<Investor>>> = {
  fit: {},
  'opted-out': { consents: { profiling: true, personalisation: false } },
  'no-assessment': { riskAssessment: null },
  'assessment-expired': { riskAssessment: { ...fit.riskAssessment!, assessedAt: at - 400 * 86_400_000 } },
  'consent-missing': { consents: { profiling: false, personalisation: true } },
  'no-suitable-product': { objectives: [] },
}
const idOf = (id: string): Investor['id'] => id as Investor['id']
const put = (id: string, changes: Partial<Investor>) =>
  app.service.putInvestor(FirmId.parse('default'), { ...fit, ...changes, id: idOf(id) })
const recommend = (body: unknown, headers: Record<string, string> = {}) => app.ask('recommend', { body, headers })
const slate = (json: unknown) => json as z.input<typeof Recommendation>

test('a suitable slate in the order of its ranks, in Chinese unless another language is asked for', async () => {
  const { status, json, headers } = await recommend({ investorId: 'fit' })
  expect(status).toBe(200)
  const { items, kind, at: when } = slate(json)
  expect({ kind, when, ranks: items.map(({ rank }) => rank) }).toEqual({
    kind: 'personal',
    when: '2026-05-08T15:00:00Z',
    ranks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  })
  expect(items.every(({ riskLevel }) => riskLevel <= 'R4')).toBe(true)
  expect(items.map(({ score }) => score)).toEqual(items.map(({ score }) => Math.round(score * 2 ** 20) / 2 ** 20))
  expect(items[0]?.disclosures.map(({ text }) => text)).toContain('基金有风险，过往业绩不代表未来表现')
  expect(headers.get('content-language')).toBe('zh-CN')
  expect(['etag', 'x-powered-by'].map((name) => headers.get(name))).toEqual([null, null])

  const english = await recommend({ investorId: 'fit' }, { 'accept-language': 'en-GB,en;q=0.9' })
  expect(slate(english.json).items[0]?.disclosures.map(({ text }) => text)).toContain(
    'Investments can lose value; past performance says nothing of the future',
  )
})

test('size, scene and exclusions are heeded', async () => {
  const { items } = slate((await recommend({ investorId: 'fit', size: 3 })).json)
  const left = items[0]!.productId
  for (const scene of scenes) {
    const body = { investorId: 'fit', size: 50, scene, context: { exclude: [left] } }
    const { json } = await recommend(body)
    expect(slate(json).items.map(({ productId }) => productId)).not.toContain(left)
    expect(slate(json).items.length).toBeGreaterThan(3)
  }
})

test('who opted out gets a non-personal list that says so', async () => {
  const { json } = await recommend({ investorId: 'opted-out' }, { 'accept-language': 'en' })
  expect(slate(json).kind).toBe('non-personal')
  expect(slate(json).items[0]?.reasons.map(({ code }) => code)).toEqual(['NOT_PERSONALISED'])
})

test.each(refusalCodes)('%s: a recorded 409 in words of the language asked for', async (refusal) => {
  const { ask } = refusal === 'profile-incomplete' ? american : app
  for (const language of ['zh-CN', 'en'] as const) {
    const { status, json, headers } = await ask('recommend', {
      body: { investorId: refusal },
      headers: { 'accept-language': language },
    })
    expect(status).toBe(409)
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    const { title, detail } = refusals[refusal]
    expect(json).toMatchObject({ type: `/problems/${refusal}`, title: title[language], detail: detail[language] })
    const { decisionId } = json as { decisionId: string }
    const recorded = await ask('showDecision', { path: `/v1/decisions/${decisionId}` })
    expect(recorded.json).toMatchObject({ entry: { outcome: { kind: 'refusal', refusal } } })
  }
})

test('a refusal says what the rule knows that he can do, and nothing where it knows nothing', async () => {
  const remedyOf = async (investorId: string, language: string) =>
    ((await recommend({ investorId }, { 'accept-language': language })).json as { remedy: string | null }).remedy
  expect(await remedyOf('assessment-expired', 'en')).toBe('Take the risk assessment again.')
  expect(await remedyOf('assessment-expired', 'zh-CN')).toBe('请重新进行风险测评。')
  expect(await remedyOf('consent-missing', 'en')).toBe('You can give this consent in your privacy settings.')
})

test('no words of a refusal promise, hurry or induce', () => {
  for (const code of refusalCodes)
    for (const text of [...Object.values(refusals[code].title), ...Object.values(refusals[code].detail)])
      expect(text).not.toMatch(/低风险|高收益|低门槛|保证|尽快|立即|马上|guarantee|\bsafe\b|hurry|now!|high return/i)
})

test('an unknown investor is a 404', async () => {
  const { status, json } = await recommend({ investorId: 'nobody' })
  expect([status, (json as { type: string }).type]).toEqual([404, '/problems/unknown-investor'])
})

test.each(unavailableReasons.map((reason) => [reason]))(
  '%s: 503 with Retry-After, and readyz fails',
  async (reason) => {
    app.stop({ ready: false, reason: reason satisfies UnavailableReason, detail: 'the stage' })
    const { status, json, headers } = await recommend({ investorId: 'fit' })
    const readiness = await app.ask('ready')
    app.stop(null)
    expect([status, (json as { type: string }).type]).toEqual([503, `/problems/${reason}`])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(readiness.status).toBe(503)
    expect(readiness.json).toEqual({ ready: false, reason, detail: 'the stage' })
  },
)

test.each<[string, unknown, readonly string[]]>([
  ['no investor', {}, ['/investorId']],
  ['a time', { investorId: 'fit', at: '2020-01-01T00:00:00Z' }, ['/at']],
  ['another time', { investorId: 'fit', asOf: 1 }, ['/asOf']],
  ['sizes', { investorId: 'fit', size: 51 }, ['/size']],
  ['a size in words', { investorId: 'fit', size: '10' }, ['/size']],
  ['no size', { investorId: 'fit', size: 0 }, ['/size']],
  ['a scene', { investorId: 'fit', scene: 'attic' }, ['/scene']],
  ['nested', { investorId: 'fit', context: { exclude: ['P1', 'not an id'] } }, ['/context/exclude/1']],
  ['an escaped pointer', { investorId: 'fit', 'a/b~c': 1 }, ['/a~1b~0c']],
  ['several', { investorId: '', size: 99, x: 1 }, ['/investorId', '/size', '/x']],
  ['a list', [], ['']],
])('422 points to %s', async (_, body, pointers) => {
  const { status, json } = await recommend(body)
  expect(status).toBe(422)
  expect((json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual(pointers)
})

test('the same key and body give the same bytes, another body is refused, and no second decision is made', async () => {
  const before = app.decisions.size
  const headers = { 'idempotency-key': 'k-1' }
  const both = await Promise.all([recommend({ investorId: 'fit' }, headers), recommend({ investorId: 'fit' }, headers)])
  const later = await recommend({ investorId: 'fit' }, { ...headers, 'accept-language': 'en' })
  expect(new Set([...both, later].map(({ text }) => text)).size).toBe(1)
  expect(app.decisions.size).toBe(before + 1)
  const other = await recommend({ investorId: 'fit', size: 2 }, headers)
  expect([other.status, (other.json as { type: string }).type]).toEqual([409, '/problems/idempotency-key-reused'])
  const refusal = { 'idempotency-key': 'k-2' }
  const refused = [await recommend({ investorId: 'no-assessment' }, refusal)]
  refused.push(await recommend({ investorId: 'no-assessment' }, refusal))
  expect(refused.map(({ status }) => status)).toEqual([409, 409])
  expect(refused[1]?.text).toBe(refused[0]?.text)
})

test('a 503 is not kept: the same key works when the service does', async () => {
  const headers = { 'idempotency-key': 'k-3' }
  app.stop({ ready: false, reason: 'overloaded', detail: '' })
  expect((await recommend({ investorId: 'fit' }, headers)).status).toBe(503)
  app.stop(null)
  expect((await recommend({ investorId: 'fit' }, headers)).status).toBe(200)
})

test('a key that is none is a 422', async () => {
  const { status, json } = await recommend({ investorId: 'fit' }, { 'idempotency-key': 'two words' })
  expect([status, (json as { errors: unknown[] }).errors]).toMatchObject([422, [{ in: 'header' }]])
})
