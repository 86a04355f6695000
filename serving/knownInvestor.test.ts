import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Event } from '../features/schema/event.js'
import { type ProductId } from '../features/schema/ids.js'
import { Finances, type Investor } from '../features/schema/investor.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { formatInstant } from '../features/schema/time.js'
import {
  fitInvestor,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../tests/realService.js'
import { type Home } from './home.js'
import { defaultFirm } from './investorKey.js'
import { type Recommended, type Service, type UnknownInvestor } from './service.js'

const dayMs = 86_400_000
let installation: Installation
const install = async (packName: string): Promise<Installation['serve']> => {
  installation = await realInstallation({ packName, packFile: resolve(`packs/${packName}.yaml`) })
  return installation.serve
}
afterEach(() => installation.destroy())

const usd = (minor: number) => ({ minor, currency: 'USD' })
const whole: Partial<Investor> = {
  knowledge: { bond: 'basic' },
  finances: Finances.parse({
    financialAssets: usd(1_000),
    yearlyIncome: usd(900),
    taxStatus: 'taxable',
    liquidityNeeds: 'low',
    otherInvestments: 'none',
  }),
}
const bought = (eventId: string, daysAgo: number, minor: number): Event =>
  Event.parse({
    type: 'purchase',
    eventId,
    investorId: 'i1',
    productId: 'P2',
    occurredAt: formatInstant(startOfTest - daysAgo * dayMs),
    amount: usd(minor),
  })

/** What a decision comes to, and what it was sealed with. */
async function sealedOf(service: Service, given: Recommended | UnknownInvestor) {
  if ('unknownInvestor' in given) throw new Error('want a decision')
  const shown = await service.audit.decision(defaultFirm, given.decisionId)
  if (shown === null || shown.inputs === 'erased') throw new Error('want its inputs')
  const { investor } = shown.inputs as { investor: InvestorSnapshot }
  return { outcome: outcomeOf(given), investor }
}

test('under us-finra a decision reads what was bought in 12 months, and has it sealed, but not the trades', async () => {
  const serve = await install('us-finra')
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1', whole))
    const recommended = async () => sealedOf(service, await recommendTo(service, 'i1'))
    expect(await recommended()).toMatchObject({
      outcome: ['P1', 'P2', 'P3', 'P4', 'P5'],
      investor: { activity: { purchased12Months: usd(0), costs12Months: usd(0) } },
    })
    // A turnover of just under six, and old purchases beside.
    await service.addEvents(defaultFirm, [bought('e0', 500, 90_000), bought('e1', 3, 5_999)])
    const before = await recommended()
    expect(before).toMatchObject({
      outcome: ['P1', 'P3', 'P4', 'P5'],
      investor: { activity: { purchased12Months: usd(5_999), costs12Months: usd(9) } },
    })
    expect(Object.keys(before.investor).sort()).toEqual(['activity', 'behaviour', 'knownAt', 'profile'])

    installation.clock.now += dayMs
    await service.addEvents(defaultFirm, [bought('e2', 1, 1)])
    const given = await recommendTo(service, 'i1')
    if ('unknownInvestor' in given) throw new Error('want a decision')
    expect(given.decision.outcome).toEqual({ kind: 'refusal', refusal: 'no-suitable-product', ruleId: 'US-QUANT' })
    const why = await service.audit.why(defaultFirm, given.decisionId, 'P1' as ProductId, 'en')
    expect(why).toMatchObject({
      findings: [{ ruleId: 'US-QUANT', params: { 'investor.turnoverBps12Months': 60_000 } }],
    })

    // As of the hour before the last purchase was known, he is where he was.
    const past = await sealedOf(service, await recommendTo(service, 'i1', startOfTest + dayMs / 2))
    expect(past).toMatchObject({ outcome: before.outcome, investor: { activity: before.investor.activity } })
  })
})

test.each<[string, Partial<Investor>, string]>([
  ['no finances', { finances: null }, 'profile-incomplete'],
  ['no knowledge told', { knowledge: {} }, 'profile-incomplete'],
  ['no assessment', { riskAssessment: null }, 'no-assessment'],
])('under us-finra an investor with %s is refused', async (_, changes, refusal) => {
  const serve = await install('us-finra')
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1', { ...whole, ...changes }))
    expect(outcomeOf(await recommendTo(service, 'i1'))).toBe(refusal)
  })
})

test.each(['cn-2026', 'eu-mifid2'])('%s reads no trades: no account is read, and none is sealed', async (packName) => {
  const serve = await install(packName)
  const accounts: string[] = []
  const counting = (home: Home): Home => ({
    ...home,
    store: { ...home.store, account: (id) => (accounts.push(id), home.store.account(id)) },
    history: { ...home.history, accountAsOf: (id, asOf) => (accounts.push(id), home.history.accountAsOf(id, asOf)) },
  })
  await serve(
    async (service) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1', whole))
      installation.clock.now += 2_000
      for (const asOf of [undefined, startOfTest + 1_000]) {
        const { investor } = await sealedOf(service, await recommendTo(service, 'i1', asOf))
        expect(Object.keys(investor).sort()).toEqual(['behaviour', 'knownAt', 'profile'])
      }
      expect(accounts).toEqual([])
      await service.investor(defaultFirm, fitInvestor('i1').id)
      expect(accounts).toHaveLength(1)
    },
    { home: counting },
  )
})

test('a firm may ask of a purchase of his own accord too what he bought in 12 months', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'firm-pack-'))
  const file = join(dir, 'firm.yaml')
  await writeFile(file, ownTurnover)
  installation = await realInstallation({ firmPacks: [{ firmId: defaultFirm, source: file, file }] })
  const asked = {
    firmId: defaultFirm,
    investorId: fitInvestor('i1').id,
    productId: 'P1' as ProductId,
    amount: { minor: 1_000, currency: 'CNY' } as const,
  }
  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1', whole))
    const rulesAgainst = async (): Promise<readonly unknown[]> => {
      const given = await service.checkPurchase(asked)
      if (!('check' in given)) throw new Error('want a check')
      return given.check.findings.map(({ ruleId, code }) => [ruleId, code])
    }
    expect(await rulesAgainst()).toEqual([])
    await service.addEvents(defaultFirm, [bought('e1', 3, 1_001)])
    expect(await rulesAgainst()).toEqual([['FIRM-TURNOVER', 'unmet']])
    await service.putInvestor(defaultFirm, fitInvestor('i1', { ...whole, finances: null }))
    expect(await rulesAgainst()).toEqual([['FIRM-TURNOVER', 'missing']])
  })
  await rm(dir, { recursive: true })
})

const ownTurnover = `id: firm
version: 1
title: { zh-CN: x, en: x }
extends: cn-2026
rules:
  - id: FIRM-TURNOVER
    scope: self-initiated
    blockUnless: investor.turnoverBps12Months <= 10000
    source: the firm's own
    confidence: own
    effectiveFrom: 2020-01-01
    messages: { zh-CN: x, en: x }
    cases:
      - { investor: { turnoverBps12Months: 10000 }, expect: permit }
      - { investor: { turnoverBps12Months: 10001 }, expect: block }
`
