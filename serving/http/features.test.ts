import { investorVector } from '../../features/definitions/vectors.js'
import { comparedFeatures, referenceOf } from '../../features/quality/reference.js'
import { Investor } from '../../features/schema/investor.js'
import { at, fit, httpApp, type HttpApp } from '../../tests/httpApp.js'

const vector = investorVector({ profile: fit, knownAt: at - 1, behaviour: { purchased: [], viewed: [] } }, at)
const featureReference = referenceOf(
  at,
  Array.from({ length: 200 }, () => vector),
  [],
)

let app: HttpApp
beforeAll(async () => {
  app = await httpApp(undefined, featureReference)
  const { id: _, ...profile } = Investor.encode(fit)
  await app.ask('putInvestor', { path: '/v1/investors/i1', body: profile })
  // The first asks for the reference, which must be there before anything is counted.
  await app.ask('featureQuality')
  for (let n = 0; n < 200; n++) await app.ask('recommend', { body: { investorId: 'i1' } })
})
afterAll(() => app.close())

test('the quality of every feature, for science alone', async () => {
  const { status, json } = await app.ask('featureQuality')
  expect(status).toBe(200)
  expect(json).toMatchObject({ reference: 'kept', compared: 'decisions', storeLagRows: 0 })
  const { features } = json as { features: { name: string; missing: { now: { of: number } } }[] }
  expect(features).toHaveLength(comparedFeatures.investor.length + comparedFeatures.product.length)
  expect(features.find(({ name }) => name === 'age')?.missing.now.of).toBe(200)
  expect((await app.fetched('GET', '/v1/features/quality', { scope: 'app' })).status).toBe(403)
})

test('gauges: PSI only where there is enough to tell, missing rates of both sides, freshness by source', async () => {
  const { text } = await app.ask('metrics')
  const lines = text.split('\n')
  expect(lines).toContain('aptus_feature_psi{entity="investor",feature="horizon"} 0')
  expect(lines).toContain('aptus_feature_missing_ratio{entity="investor",feature="horizon",side="training"} 0')
  expect(lines).toContain('aptus_feature_missing_ratio{entity="investor",feature="horizon",side="now"} 0')
  expect(text).toMatch(/^aptus_feature_freshness_seconds\{source="catalogue"\} 0.001$/m)
  expect(lines).toContain('aptus_feature_store_lag_rows 0')
  // The training set had no product.
  expect(text).not.toMatch(/aptus_feature_psi\{entity="product"/)
})

test('metrics go on while nothing can be served', async () => {
  app.stop({ ready: false, reason: 'store-unreachable', detail: '' })
  const { status, text } = await app.ask('metrics')
  app.stop(null)
  expect(status).toBe(200)
  expect(text).not.toMatch(/^aptus_feature_psi\{/m)
})
