import { type z } from 'zod'
import { FirmId } from '../../features/schema/ids.js'
import { type Investor } from '../../features/schema/investor.js'
import { type Product } from '../../features/schema/product.js'
import { formatInstant } from '../../features/schema/time.js'
import { defaultFirm } from '../investorKey.js'
import { type Service } from '../service.js'
import { fitInvestor, fitProduct, type Installation, realInstallation, startOfTest } from '../../tests/realService.js'
import { type Http, httpOver } from '../../tests/httpApp.js'
import { type ConfirmationAnswer, type PurchaseCheckAnswer, type PurchaseCheckShown } from './purchaseSchemas.js'

type Check = z.input<typeof PurchaseCheckAnswer>
type Standing = z.input<typeof ConfirmationAnswer>
type Problem = Standing & { readonly type: string }

let installation: Installation
beforeAll(async () => {
  installation = await realInstallation()
})
afterAll(() => installation.destroy())
// An instant is later than all that was known before it, by milliseconds where the clock stands still.
beforeEach(() => minutes(1))

const assessed = fitInvestor('any').riskAssessment
const people: Readonly<Record<string, Partial<Investor>>> = {
  c2: { riskAssessment: assessed && { ...assessed, level: 'C2' } },
  c5: { riskAssessment: assessed && { ...assessed, level: 'C5' } },
  'c1-minimum': { riskAssessment: assessed && { ...assessed, level: 'C1', acceptsNoLoss: true } },
  'not-assessed': { riskAssessment: null },
}
const rated = (id: string, level: 'R4' | 'R5', changes: Partial<Product> = {}): Product => {
  const { rating, ...rest } = fitProduct(id, changes)
  return { ...rest, rating: rating && { ...rating, level } }
}

const work = <T>(run: (app: Http, service: Service) => Promise<T>): Promise<T> =>
  installation.serve(async (service) => {
    for (const [id, changes] of Object.entries(people)) await service.putInvestor(defaultFirm, fitInvestor(id, changes))
    await service.putProduct(rated('P4', 'R4'))
    await service.putProduct(rated('P5', 'R5'))
    const app = await httpOver(service, () => installation.clock.now)
    try {
      return await run(app, service)
    } finally {
      await app.close()
    }
  })

const minutes = (count: number): void => void (installation.clock.now += count * 60_000)
const setTo = (instant: string, later = 0): void => void (installation.clock.now = Date.parse(instant) + later)
const asking = (investorId: string, productId: string, minor = 100_000) => ({
  investorId,
  productId,
  amount: { minor, currency: 'CNY' },
})
type Headers = Readonly<Record<string, string>>
const checked = async (app: Http, investorId: string, productId: string, headers: Headers = {}): Promise<Check> => {
  const { status, json } = await app.ask('checkPurchase', { body: asking(investorId, productId), headers })
  expect(status).toBe(200)
  return json as Check
}
const confirmed = (
  app: Http,
  { checkId, steps }: Check,
  investorId: string,
  step: number | string,
  headers: Headers = {},
) => {
  const { stepId, textDigest } = steps.find((each, place) => each.stepId === step || place === step) ?? {
    stepId: String(step),
    textDigest: `sha256:${'0'.repeat(64)}`,
  }
  const path = `/v1/purchase-checks/${checkId}/confirmations`
  return app.ask('confirmPurchase', { path, body: { investorId, stepId, textDigest }, headers })
}
const shown = async (app: Http, checkId: string) =>
  (await app.ask('showPurchaseCheck', { path: `/v1/purchase-checks/${checkId}` })).json as z.input<
    typeof PurchaseCheckShown
  >
const problemOf = ({ json }: { json: unknown }) => json as Problem

test('an unsuitable fund, C2: notice, written warning, insists, is told all, may buy; each step recorded', () =>
  work(async (app) => {
    const check = await checked(app, 'c2', 'P4', { 'accept-language': 'en' })
    expect(check).toMatchObject({
      verdict: 'warn',
      state: 'open',
      findings: [],
      next: { stepId: 'unsuitability-notice' },
    })
    expect(check.warnings.map(({ ruleId, text }) => [ruleId, text])).toEqual([
      ['CN-UP', "The product's risk level R4 is above your tolerance C2; it is not suitable for you."],
      ['CN-INFORM', 'Before buying, read and confirm the six disclosures.'],
    ])
    expect(check.steps.map(({ stepId }) => stepId)).toEqual([
      'unsuitability-notice',
      'special-risk-warning',
      'insist',
      'inform',
    ])
    expect(check.steps[0]?.text).toMatch(/^We tell you that this product's risk level is above your tolerance/)
    expect(check.disclosures.map(({ code }) => code)).toContain('NO_GUARANTEE')
    for (const [place, { stepId }] of check.steps.entries()) {
      minutes(2)
      const { status, json } = await confirmed(app, check, 'c2', stepId)
      const standing = json as Standing
      expect([status, standing.state]).toEqual([200, place === 3 ? 'permitted' : 'open'])
      expect(standing.confirmed.map((each) => each.stepId)).toEqual(
        check.steps.slice(0, place + 1).map((s) => s.stepId),
      )
      expect(standing.next?.stepId).toBe(check.steps[place + 1]?.stepId)
    }
    const record = await shown(app, check.checkId)
    expect(record.permittedAt).toBe('2026-05-08T15:09:00Z')
    expect(record.confirmations.map(({ entry }) => [entry.place, entry.at - startOfTest])).toEqual(
      [1, 2, 3, 4].map((place) => [place, 60_000 + place * 120_000]),
    )
    expect(record.facts).toMatchObject({
      investor: { profile: { id: 'c2' } },
      check: { verdict: 'warn', request: asking2('P4'), steps: check.steps.map(({ textDigest }) => ({ textDigest })) },
    })
  }))
const asking2 = (productId: string) => ({ productId, amount: { minor: 100_000, currency: 'CNY' } })

test('a permitted check permits nothing any more once a fresh one would say otherwise', () =>
  work(async (app, service) => {
    const check = await checked(app, 'c2', 'P4')
    const path = `/v1/purchase-checks/${check.checkId}/standing`
    const stands = async () => (await app.ask('purchaseStanding', { path })).json as Standing & { state: string }
    expect(await stands()).toMatchObject({ state: 'open', next: { stepId: 'unsuitability-notice' }, confirmed: [] })
    for (const { stepId } of check.steps) await confirmed(app, check, 'c2', stepId)
    expect(await stands()).toMatchObject({ state: 'permitted', next: null, confirmed: { length: 4 } })
    await service.putProduct(rated('P4', 'R4', { status: 'suspended' }))
    expect(await stands()).toMatchObject({ state: 'changed', next: null })
    await service.putProduct(rated('P4', 'R4'))
    expect(await stands()).toMatchObject({ state: 'permitted' })
    minutes(61)
    expect(await stands()).toMatchObject({ state: 'expired' })
    const nowhere = await app.ask('purchaseStanding', { path: `/v1/purchase-checks/p-${'0'.repeat(32)}/standing` })
    expect(nowhere.status).toBe(404)
  }))

test('C1-minimum: blocked at once, in both languages, and no confirmation changes that', () =>
  work(async (app) => {
    const check = await checked(app, 'c1-minimum', 'P4')
    expect(check).toMatchObject({ verdict: 'block', state: 'blocked', next: null, steps: [] })
    expect(check.findings).toMatchObject([
      { ruleId: 'CN-C1MIN', text: expect.stringContaining('只能购买R1产品') as string, refusal: null },
    ])
    const english = await checked(app, 'c1-minimum', 'P4', { 'accept-language': 'en' })
    expect(english.findings[0]?.text).toMatch(/^Investors of the lowest tolerance/)
    expect(english.findings[0]?.remedy).toMatch(/^Look at products that match your tolerance/)
    const refused = await confirmed(app, check, 'c1-minimum', 'insist')
    expect([refused.status, problemOf(refused).type]).toEqual([409, '/problems/purchase-blocked'])
    expect((await shown(app, check.checkId)).permittedAt).toBeNull()
  }))

test('without an assessment: blocked in the words of that refusal', () =>
  work(async (app) => {
    const { verdict, findings } = await checked(app, 'not-assessed', 'P1', { 'accept-language': 'en' })
    expect(verdict).toBe('block')
    expect(findings.find(({ ruleId }) => ruleId === 'CN-ASSESS')).toMatchObject({
      refusal: 'no-assessment',
      text: 'No valid risk assessment',
      remedy: 'Take the risk assessment again.',
    })
  }))

test('a step out of order, twice, with another text, or late is refused, and nothing is recorded of it', () =>
  work(async (app) => {
    const check = await checked(app, 'c2', 'P4')
    const refusedAs = async (step: number | string) => {
      const reply = await confirmed(app, check, 'c2', step)
      return [reply.status, problemOf(reply).type.replace('/problems/', ''), problemOf(reply).next?.stepId ?? null]
    }
    expect(await refusedAs(1)).toEqual([409, 'confirmation-out-of-order', 'unsuitability-notice'])
    expect(await refusedAs('lockup-notice')).toEqual([409, 'confirmation-out-of-order', 'unsuitability-notice'])
    const other = { ...check, steps: check.steps.map((step) => ({ ...step, textDigest: check.steps[1]!.textDigest })) }
    const changed = await confirmed(app, other, 'c2', 0)
    expect([changed.status, problemOf(changed).type]).toEqual([409, '/problems/confirmation-text-changed'])
    expect((await confirmed(app, check, 'c2', 0)).status).toBe(200)
    expect(await refusedAs(0)).toEqual([409, 'confirmation-repeated', 'special-risk-warning'])
    expect((await confirmed(app, check, 'c2', 1)).status).toBe(200)
    setTo(check.expiresAt)
    expect(await refusedAs(2)).toEqual([409, 'confirmation-expired', null])
    expect((await shown(app, check.checkId)).confirmations).toHaveLength(2)
  }))

test('permitted until the check expires: late for the last step is late', () =>
  work(async (app) => {
    const check = await checked(app, 'c5', 'P4')
    expect(check.steps.map(({ stepId }) => stepId)).toEqual(['inform'])
    const late = await checked(app, 'c5', 'P4')
    setTo(check.expiresAt, -1)
    const last = await confirmed(app, check, 'c5', 0)
    expect(last.json).toMatchObject({ state: 'permitted', expiresAt: check.expiresAt })
    setTo(late.expiresAt)
    expect(problemOf(await confirmed(app, late, 'c5', 0)).type).toBe('/problems/confirmation-expired')
    const again = await confirmed(app, check, 'c5', 0)
    expect(problemOf(again)).toMatchObject({ type: '/problems/confirmation-expired', state: 'expired' })
  }))

test('time to think is kept, and told', () =>
  work(async (app) => {
    const check = await checked(app, 'c5', 'P5')
    expect(check.steps.map(({ stepId, waitSeconds }) => [stepId, waitSeconds])).toEqual([
      ['high-risk-information', 0],
      ['time-to-think', 300],
      ['inform', 0],
    ])
    const { next } = (await confirmed(app, check, 'c5', 0)).json as Standing
    setTo(next?.notBefore ?? '', -240_000)
    const early = await confirmed(app, check, 'c5', 1)
    expect(problemOf(early)).toMatchObject({ type: '/problems/confirmation-too-early', next })
    expect(early.headers.get('retry-after')).toBe('240')
    setTo(next?.notBefore ?? '')
    expect((await confirmed(app, check, 'c5', 1)).status).toBe(200)
  }))

describe('what changes meanwhile ends the dialogue', () => {
  const changes: readonly (readonly [string, (service: Service) => Promise<unknown>])[] = [
    ['the product is suspended', (service) => service.putProduct(rated('P4', 'R4', { status: 'suspended' }))],
    ['the product is of R5 now', (service) => service.putProduct(rated('P4', 'R5'))],
    ['he is of C1-minimum now', (service) => service.putInvestor(defaultFirm, fitInvestor('c2', people['c1-minimum']))],
    ['he is of C5 now', (service) => service.putInvestor(defaultFirm, fitInvestor('c2', people['c5']))],
  ]
  test.each(changes)('%s', (_, change) =>
    work(async (app, service) => {
      const check = await checked(app, 'c2', 'P4')
      for (const step of [0, 1, 2]) await confirmed(app, check, 'c2', step)
      await change(service)
      const refused = await confirmed(app, check, 'c2', 3)
      expect([refused.status, problemOf(refused).type]).toEqual([409, '/problems/check-changed'])
      expect((await shown(app, check.checkId)).permittedAt).toBeNull()
    }),
  )

  test('what does not bear on it does not', () =>
    work(async (app, service) => {
      const check = await checked(app, 'c2', 'P4')
      for (const step of [0, 1, 2]) await confirmed(app, check, 'c2', step)
      await service.putProduct(rated('P5', 'R5', { status: 'suspended' }))
      await service.putInvestor(defaultFirm, fitInvestor('c2', { ...people['c2'], horizonMonths: 48 }))
      expect((await confirmed(app, check, 'c2', 3)).json).toMatchObject({ state: 'permitted' })
    }))
})

test('an Idempotency-Key gives the first answer again, and nothing is recorded twice; it stands for one address', () =>
  work(async (app) => {
    const key = (name: string) => ({ 'idempotency-key': name })
    const first = await checked(app, 'c2', 'P4', key('a'))
    expect((await checked(app, 'c2', 'P4', key('a'))).checkId).toBe(first.checkId)
    const second = await checked(app, 'c2', 'P4', key('b'))
    expect(second.checkId).not.toBe(first.checkId)
    const replies = [
      await confirmed(app, first, 'c2', 0, key('c')),
      await confirmed(app, first, 'c2', 0, key('c')),
      await confirmed(app, second, 'c2', 0, key('c')),
    ]
    expect(replies.map(({ json }) => (json as Standing).checkId)).toEqual([
      first.checkId,
      first.checkId,
      second.checkId,
    ])
    expect(replies[1]?.text).toBe(replies[0]?.text)
    expect((await shown(app, first.checkId)).confirmations).toHaveLength(1)
    const reused = await confirmed(app, first, 'c2', 1, key('c'))
    expect(problemOf(reused).type).toBe('/problems/idempotency-key-reused')
  }))

test('bad input is no verdict', () =>
  work(async (app) => {
    const pointersOf = ({ json }: { json: unknown }) =>
      (json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
    const ask = (body: unknown) => app.ask('checkPurchase', { body })
    const usd = await ask({ ...asking('c2', 'P4'), amount: { minor: 1, currency: 'USD' } })
    expect([usd.status, pointersOf(usd)]).toEqual([422, ['/amount/currency']])
    for (const minor of [0, -1, 1.5]) expect((await ask(asking('c2', 'P4', minor))).status).toBe(422)
    expect(problemOf(await ask(asking('c2', 'none'))).type).toBe('/problems/unknown-product')
    expect(problemOf(await ask(asking('nobody', 'P4'))).type).toBe('/problems/unknown-investor')
    const path = '/v1/purchase-checks/p-none'
    expect(problemOf(await app.ask('showPurchaseCheck', { path })).type).toBe('/problems/unknown-purchase-check')
  }))

test('a check is its investor’s and his firm’s', () =>
  work(async (app) => {
    const check = await checked(app, 'c2', 'P4')
    expect(problemOf(await confirmed(app, check, 'c5', 0)).type).toBe('/problems/unknown-purchase-check')
    const other = FirmId.parse('other-bank')
    const [appKey, riskKey] = [await app.keys.add('app', other), await app.keys.add('risk', other)]
    const path = `/v1/purchase-checks/${check.checkId}`
    const there = (key: string) => ({ path, scope: null, headers: { authorization: `Bearer ${key}` } })
    expect((await app.ask('showPurchaseCheck', there(riskKey))).status).toBe(404)
    const asked = { ...there(appKey), path: `${path}/confirmations` }
    const body = { investorId: 'c2', stepId: 'inform', textDigest: check.steps[0]!.textDigest }
    expect((await app.ask('confirmPurchase', { ...asked, body })).status).toBe(404)
    expect((await confirmed(app, check, 'c2', 0)).status).toBe(200)
  }))

test('costs stand in the answer: buying, redeeming by age, and selling what is held to pay for it', () =>
  work(async (app) => {
    const eventId = 'bought-p1'
    const threeDaysAgo = formatInstant(installation.clock.now - 3 * 86_400_000)
    const bought = { type: 'purchase', eventId, investorId: 'c5', productId: 'P1', occurredAt: threeDaysAgo }
    const sold = { ...bought, type: 'redemption', eventId: 'sold-p2', productId: 'P2' }
    await app.ask('addEvents', { body: { events: [{ ...bought, amount: { minor: 40_000, currency: 'CNY' } }, sold] } })
    const { costs } = await checked(app, 'c5', 'P4')
    const money = (minor: number) => ({ minor, currency: 'CNY' })
    expect(costs).toEqual({
      purchase: { feeBps: 15, atMost: money(150) },
      redemptionTiers: [
        { heldDaysBelow: 7, feeBps: 150 },
        { heldDaysBelow: null, feeBps: 0 },
      ],
      switching: [{ productId: 'P1', redeemed: money(40_000), fee: money(600), heldDays: 3, feeBps: 150 }],
    })
    const back = await checked(app, 'c5', 'P2', { 'accept-language': 'en' })
    expect(back.disclosures.map(({ text }) => text)).toContain(
      'You redeemed this product within the last 180 days; buying it back costs fees again',
    )
    await app.ask('deleteInvestor', { path: '/v1/investors/c5' })
  }))

test('an erased investor: his checks stand, are told no more, and cannot be gone on with', () =>
  work(async (app) => {
    const check = await checked(app, 'c2', 'P4', { 'idempotency-key': 'kept' })
    const step = { 'idempotency-key': 'kept-step' }
    expect((await confirmed(app, check, 'c2', 0, step)).status).toBe(200)
    await app.ask('deleteInvestor', { path: '/v1/investors/c2' })
    expect(await shown(app, check.checkId)).toMatchObject({ facts: 'erased', confirmations: [{}], permittedAt: null })
    for (const headers of [{}, step]) {
      const refused = await confirmed(app, check, 'c2', 0, headers)
      expect([refused.status, problemOf(refused).type]).toEqual([410, '/problems/investor-erased'])
    }
    const again = await app.ask('checkPurchase', { body: asking('c2', 'P4'), headers: { 'idempotency-key': 'kept' } })
    expect([again.status, problemOf(again).type]).toEqual([404, '/problems/unknown-investor'])
  }))

test('verdicts are counted', () =>
  work(async (app) => {
    await checked(app, 'c2', 'P4')
    expect((await app.ask('metrics')).text).toMatch(/^aptus_purchase_checks_total\{verdict="warn"\} 1$/m)
  }))
