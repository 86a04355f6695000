import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { type DecisionId, type Digest, FirmId } from '../features/schema/ids.js'
import { Investor } from '../features/schema/investor.js'
import { fitInvestor, fitProduct, type Installation, realInstallation } from '../tests/realService.js'
import { createApp } from './http/app.js'
import { createIdempotency } from './http/idempotency.js'
import { memoryIdempotency } from './http/idempotencyMemory.js'
import { createKeys, type Keys } from './http/keys.js'
import { packOf } from './packs.js'
import { type Service } from './service.js'

const firmA = FirmId.parse('firm-a')
const firmB = FirmId.parse('firm-b')
const own = { firmId: firmB, source: './firm.yaml', file: resolve('examples/firm-pack/firm.yaml') }
let installation: Installation
beforeEach(async () => {
  installation = await realInstallation({ firmPacks: [own] })
})
afterEach(() => installation.destroy())

type Ask = (key: string, method: string, path: string, body?: unknown) => Promise<{ status: number; json: unknown }>

async function overHttp<T>(service: Service, keys: Keys, work: (ask: Ask) => Promise<T>): Promise<T> {
  const idempotency = createIdempotency(memoryIdempotency())
  const app = createApp({ service, keys, now: () => installation.clock.now, idempotency, log: () => undefined })
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await work(async (key, method, path, body) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'accept-language': 'en' }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await fetch(`${base}${path}`, { method, headers, ...sent })
      const text = await response.text()
      return { status: response.status, json: text === '' ? null : (JSON.parse(text) as unknown) }
    })
  } finally {
    await new Promise((done) => {
      server.close(done)
      server.closeAllConnections()
    })
  }
}

/** As the routes answer, so far as it matters here. */
type Slate = {
  readonly decisionId: DecisionId
  readonly items: readonly { readonly productId: string }[]
  readonly withheld: { readonly byRule: Readonly<Record<string, number>> }
}
const shownIn = ({ items }: Slate): readonly string[] => items.map(({ productId }) => productId).sort()

test('two firms on one server: each is judged by its own rules, and sees its own decisions alone', async () => {
  const keys = await createKeys({ read: () => Promise.resolve(null), replace: () => Promise.resolve() })
  const add = (scope: 'app' | 'risk') => Promise.all([firmA, firmB].map((firm) => keys.add(scope, firm)))
  const [[appA = '', appB = ''], [riskA = '', riskB = '']] = [await add('app'), await add('risk')]
  const rating = fitProduct('P5').rating
  if (rating === null) throw new Error('the fit product has a rating')

  await installation.serve(async (service, home) => {
    await service.putProduct(fitProduct('P5', { rating: { ...rating, level: 'R4' } }))
    await overHttp(service, keys, async (ask) => {
      const profile = Investor.encode(fitInvestor('i1', { knowledge: { equity: 'none' } }))
      for (const app of [appA, appB])
        expect(await ask(app, 'PUT', '/v1/investors/i1', profile)).toMatchObject({ status: 204 })
      installation.clock.now += 60_000
      const recommend = (app: string) => ask(app, 'POST', '/v1/recommendations', { investorId: 'i1', size: 10 })
      const [a, b] = [(await recommend(appA)).json as Slate, (await recommend(appB)).json as Slate]
      // The same profile and products: the firm's own rule makes the difference.
      expect([shownIn(a), shownIn(b)]).toEqual([
        ['P1', 'P2', 'P3', 'P4', 'P5'],
        ['P1', 'P2', 'P3', 'P4'],
      ])
      expect([a.withheld.byRule, b.withheld.byRule]).toEqual([{}, { 'FIRM-KNOWN-KIND': 1 }])

      const why = (risk: string, { decisionId }: Slate) => ask(risk, 'GET', `/v1/decisions/${decisionId}/products/P5`)
      expect((await why(riskA, a)).json).toMatchObject({ permitted: true, findings: [] })
      const text = 'Our firm recommends R4 only to those who know products of its kind.'
      expect((await why(riskB, b)).json).toMatchObject({ findings: [{ ruleId: 'FIRM-KNOWN-KIND', text }] })
      // Neither learns that the other's decision exists.
      for (const [risk, others] of [[riskA, b] as const, [riskB, a] as const]) {
        expect((await why(risk, others)).status).toBe(404)
        expect((await ask(risk, 'GET', `/v1/decisions/${others.decisionId}`)).status).toBe(404)
      }
      const recorded = [
        await service.audit.decision(firmA, a.decisionId),
        await service.audit.decision(firmB, b.decisionId),
      ]
      const digests = [firmA, firmB].map((firm) => home.packs.of(firm).digest)
      expect(recorded.map((decision) => decision?.entry.packDigest)).toEqual(digests)
      expect(new Set(digests).size).toBe(2)
    })
  })
})

test('the packs of all firms are told without their names, and with what is to be confirmed', () =>
  installation.serve((service) => {
    const state = service.readiness()
    expect(state).toMatchObject({ packs: [{ id: 'cn-2026', inForce: true }, { id: 'cn-2026+prudent' }] })
    expect(JSON.stringify(state)).toContain('CN-ASSESS (summary)')
    expect(JSON.stringify(state)).not.toContain('firm-b')
    return Promise.resolve()
  }))

test('a composed pack is rebuilt from its digest alone', async () => {
  let digest: Digest | null = null
  await installation.serve((_, home) => Promise.resolve(void (digest = home.packs.of(firmB).digest)))
  await installation.serve(async (_, { blobs }) => {
    if (digest === null) throw new Error('the first opening told the digest')
    const again = await packOf(digest, blobs)
    expect([again.digest, again.id]).toEqual([digest, 'cn-2026+prudent'])
    expect(again.rules.map(({ id }) => id)).toEqual(expect.arrayContaining(['CN-MATCH', 'FIRM-KNOWN-KIND']))
    expect(again.terms.navTradingDays).toBe(5)
  })
})
