import { FirmId, InvestorId } from '../../features/schema/ids.js'
import { fit, httpApp, type HttpApp } from '../../tests/httpApp.js'

let app: HttpApp
beforeAll(async () => {
  app = await httpApp()
})
afterAll(() => app.close())

const put = (id: string) => app.service.putInvestor(FirmId.parse('default'), { ...fit, id: InvestorId.parse(id) })
const english = { 'accept-language': 'en' }

const proof = [{ kind: 'bank-statement', sha256: 'b'.repeat(64) }]
const rich = { financialAssets: { minor: 500_000_000, currency: 'CNY' }, experienceYears: 2, documents: proof }
const classOf = (id: string, body: unknown) =>
  app.ask('changeClass', { path: `/v1/investors/${id}/class`, body, headers: english })

test('professional by right, and back; each recorded with its evidence', async () => {
  await put('rich')
  const forth = await classOf('rich', { to: 'professional', by: 'right', evidence: rich, approvedBy: 'staff-7' })
  expect(forth.json).toMatchObject({ granted: true, investorClass: 'professional', reasons: [] })
  const { changeId } = forth.json as { changeId: string }
  const shown = await app.ask('showClassChange', { path: `/v1/class-changes/${changeId}` })
  expect(shown.json).toMatchObject({
    entry: { type: 'class-change' },
    facts: { approvedBy: 'staff-7', request: { evidence: rich }, verdict: { granted: true } },
  })
  expect(JSON.stringify((shown.json as { entry: object }).entry)).not.toMatch(/professional|staff|bank/)
  const back = await classOf('rich', { to: 'ordinary' })
  expect(back.json).toMatchObject({ granted: true, investorClass: 'ordinary' })
})

test('what is not granted says why, changes nothing, and is recorded too', async () => {
  await put('poor')
  const little = { financialAssets: { minor: 299_999_999, currency: 'CNY' }, experienceYears: 0, documents: [] }
  const { json } = await classOf('poor', { to: 'professional', by: 'request', evidence: little, approvedBy: 's' })
  expect(json).toMatchObject({
    granted: false,
    investorClass: 'ordinary',
    reasons: [{ code: 'PRO_MEANS' }, { text: 'Years of experience in investing that are wanted: 1 or more' }, {}],
  })
  const refused = { to: 'professional', by: 'request', evidence: rich, approve: false, approvedBy: 'staff-7' }
  const given = (await classOf('poor', refused)).json as { changeId: string }
  expect(given).toMatchObject({ granted: false, reasons: [{ code: 'PRO_FIRM_REFUSES' }] })
  expect((await app.ask('showClassChange', { path: `/v1/class-changes/${given.changeId}` })).json).toMatchObject({
    facts: { request: { approve: false }, verdict: { granted: false } },
  })
  const { profile } = (await app.ask('getInvestor', { path: '/v1/investors/poor' })).json as { profile: object }
  expect(profile).toMatchObject({ investorClass: 'ordinary' })
})

test('nobody is made professional with a key of the app, nor without whoever approved', async () => {
  const body = { to: 'professional', by: 'right', evidence: rich }
  expect((await classOf('rich', body)).status).toBe(422)
  const path = '/v1/investors/rich/class'
  const asApp = await app.ask('changeClass', { path, scope: 'app', body: { ...body, approvedBy: 's' } })
  expect(asApp.status).toBe(403)
  expect((await classOf('nobody', { to: 'ordinary' })).status).toBe(404)
})
