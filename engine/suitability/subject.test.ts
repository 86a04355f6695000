import { readFileSync } from 'node:fs'
import { redeemedCap } from '../../features/definitions/behaviour.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type Investor } from '../../features/schema/investor.js'
import { type Product } from '../../features/schema/product.js'
import { dayNumber, LocalDate } from '../../features/schema/time.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { contextInputsOf, type InvestorInputs, type ProductInputs, productInputsOf, subjectOf } from './inputs.js'
import { readPack } from './readPack.js'

const cn = readPack(readFileSync('packs/cn-2026.yaml'))
/** 8 May 2026, 23:00 in Shanghai. */
const at = Date.parse('2026-05-08T15:00:00Z')
const day = (text: string): number => dayNumber(LocalDate.parse(text))
const none = { purchased: [], viewed: [] }
const assessed = {
  level: 'C4',
  assessedAt: at - 1,
  questionnaireVersion: 'q1',
  basis: 'questionnaire',
  lacksFullCapacity: false,
  acceptsNoLoss: false,
} as const
const fit: Investor = { ...randomInvestor(seeded(1), 1, at), riskAssessment: assessed }
const investor = (changes: Partial<Investor>, more: object = {}): InvestorInputs =>
  subjectOf({ profile: { ...fit, ...changes }, knownAt: at - 1, behaviour: none, ...more }, 'push', cn, at).investor
const assessment = (changes: object): Partial<Investor> => ({ riskAssessment: { ...assessed, ...changes } })
const assets = (minor: number, currency = 'CNY') =>
  ({
    finances: {
      financialAssets: { minor, currency },
      yearlyIncome: { minor: 7, currency: 'CNY' },
      taxStatus: 'taxable',
      liquidityNeeds: 'low',
      otherInvestments: 'none',
    },
  }) as Partial<Investor>
const spent = (minor: number, currency = 'CNY') => ({
  activity: { purchased12Months: { minor, currency }, costs12Months: { minor: 1, currency } },
})

test.each<[string, Partial<Investor>, Partial<InvestorInputs>]>([
  ['level', assessment({ level: 'C2' }), { riskLevel: 2, c1Minimum: false }],
  ['no assessment', { riskAssessment: null }, { riskLevel: null, assessmentExpired: null, c1Minimum: null }],
  ['C1', assessment({ level: 'C1' }), { c1Minimum: false }],
  ['C1 without capacity', assessment({ level: 'C1', lacksFullCapacity: true }), { c1Minimum: true }],
  ['C1 that accepts no loss', assessment({ level: 'C1', acceptsNoLoss: true }), { c1Minimum: true }],
  ['C2 that accepts no loss', assessment({ level: 'C2', acceptsNoLoss: true }), { c1Minimum: true }],
  ['a level that was predicted', assessment({ basis: 'predicted' }), { riskLevel: 4, assessmentExpired: null }],
  ['an undated level', assessment({ assessedAt: null }), { assessmentExpired: null }],
  ['assessed this instant', assessment({ assessedAt: at }), { assessmentExpired: false }],
  ['assessed ahead', assessment({ assessedAt: at + 1 }), { assessmentExpired: null }],
  // By the calendar of Shanghai, where 8 May begins at 16:00 UTC of the 7th.
  [
    'twelve months ago today',
    assessment({ assessedAt: Date.parse('2025-05-07T16:00:00Z') }),
    { assessmentExpired: false },
  ],
  ['a day longer ago', assessment({ assessedAt: Date.parse('2025-05-07T15:59:59Z') }), { assessmentExpired: true }],
  ['65 today', { birthDate: '1961-05-08' }, { ageYears: 65 }],
  ['65 tomorrow', { birthDate: '1961-05-09' }, { ageYears: 64 }],
  ['born today', { birthDate: '2026-05-08' }, { ageYears: 0 }],
  ['born tomorrow', { birthDate: '2026-05-09' }, { ageYears: null }],
  ['no birth date', { birthDate: null }, { ageYears: null }],
  ['objectives', { objectives: ['income'] }, { objectives: ['income'] }],
  ['no objectives', { objectives: [] }, { objectives: null }],
  ['objectives not told', { objectives: null }, { objectives: null }],
  ['knowledge not told', { knowledge: {} }, { knownKinds: null }],
  ['knowledge of none', { knowledge: { bond: 'none' } }, { knownKinds: [] }],
  ['knowledge of one', { knowledge: { bond: 'basic', equity: 'none' } }, { knownKinds: ['bond'] }],
  ['consents', { consents: { profiling: true, personalisation: true } }, { consentProfiling: true, optedOut: false }],
  ['refuses', { consents: { profiling: false, personalisation: false } }, { consentProfiling: false, optedOut: true }],
  [
    'finances',
    assets(5),
    {
      financialAssetsMinor: 5,
      yearlyIncomeMinor: 7,
      taxStatus: 'taxable',
      liquidityNeeds: 'low',
      otherInvestments: 'none',
    },
  ],
  ['assets in another currency than the pack', assets(5, 'USD'), { financialAssetsMinor: null, yearlyIncomeMinor: 7 }],
  [
    'no finances',
    { finances: null },
    {
      financialAssetsMinor: null,
      yearlyIncomeMinor: null,
      taxStatus: null,
      liquidityNeeds: null,
      otherInvestments: null,
      turnoverBps12Months: null,
    },
  ],
  [
    'assessments: three today, one a year ago to the day, one after, one ahead',
    {
      assessments: [
        '2026-05-07T16:00:00Z',
        '2026-05-08T01:00:00Z',
        '2026-05-08T15:00:00Z',
        '2025-05-08T10:00:00Z',
        '2025-05-08T16:00:00Z',
        '2026-05-08T15:00:01Z',
      ].map(Date.parse),
    },
    { assessmentsToday: 3, assessmentsLast12Months: 4 },
  ],
])('an investor: %s', (_, changes, expected) => expect(investor(changes)).toMatchObject(expected))

test.each([
  ['2024-05-07T16:00:00Z', false],
  ['2024-05-07T15:59:59Z', true],
])('a profile known from %s is past its term of 24 months: %s', (from, expected) => {
  expect(investor({}, { knownAt: Date.parse(from) }).profileStale).toBe(expected)
})

test.each([
  ['just now', 0, true],
  ['a moment less than 180 days ago', 180 * 86_400_000 - 1, true],
  ['180 days ago', 180 * 86_400_000, false],
  ['dated ahead', -1, true],
])('a redemption %s counts: %s', (_, ago, counts) => {
  const redeemed = [{ productId: 'P1', count: 1, lastAt: at - ago }]
  expect(investor({}, { behaviour: { ...none, redeemed } }).recentlyRedeemed).toEqual(counts ? ['P1'] : [])
})

test.each([
  [assets(1000), spent(5), 50],
  [assets(3), spent(1), 3334],
  [assets(1000), spent(0), 0],
  [assets(0), spent(1), null],
  [assets(1000, 'USD'), spent(1), null],
  [assets(1000), {}, null],
  [{ finances: null }, spent(1), null],
  [assets(1), spent(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
])('turnover, rounded up: %#', (changes, more, expected) => {
  expect(investor(changes, more).turnoverBps12Months).toBe(expected)
})

test('costs, rounded up: a share of the same assets', () => {
  expect(investor(assets(3000), spent(5)).costBps12Months).toBe(4)
  expect(investor({ finances: null }, spent(5)).costBps12Months).toBeNull()
})

const rating = {
  level: 'R2',
  basis: 'declared',
  ratedAt: at,
  volatilityBps: null,
  volatilitySource: null,
  observations: 0,
} as const
const sample = randomProduct(seeded(1), 1, at)
const facts = randomProduct(seeded(2), 2, at).facts
if (facts === null) throw new Error('the second sample has facts')
const product = (changes: Partial<Product>): ProductInputs =>
  productInputsOf({ ...sample, rating, facts, ...changes }, 'Asia/Shanghai')

test.each<[string, Partial<Product>, Partial<ProductInputs>]>([
  [
    'rated',
    { rating: { ...rating, level: 'R3', ratedAt: Date.parse('2026-05-07T16:00:00Z') } },
    { riskLevel: 3, ratedDay: day('2026-05-08') },
  ],
  ['not rated', { rating: null }, { riskLevel: null, ratedDay: null }],
  ['rated by its manager', { managerRiskLevel: 'R5' }, { managerRiskLevel: 5 }],
  ['not rated by its manager', { managerRiskLevel: null }, { managerRiskLevel: null }],
  ['with a NAV', { facts: { ...facts, navDate: LocalDate.parse('2026-05-07') } }, { navDay: day('2026-05-07') }],
  ['without', { facts: null }, { navDay: null }],
  ['of a status', { statusAt: Date.parse('2026-05-07T15:59:59Z') }, { statusDay: day('2026-05-07') }],
  [
    'for objectives',
    { targetMarket: { objectives: ['income'], minHorizonMonths: 6 } },
    { objectives: ['income'], minHorizonMonths: 6 },
  ],
  [
    'for none',
    { targetMarket: { objectives: [], minHorizonMonths: null } },
    { objectives: null, minHorizonMonths: null },
  ],
  ['free at once', { lockupDays: 0 }, { lockupMonths: 0 }],
  ['locked for a day', { lockupDays: 1 }, { lockupMonths: 1 }],
  ['locked for a year', { lockupDays: 365 }, { lockupMonths: 12 }],
  ['locked for a day more', { lockupDays: 366 }, { lockupMonths: 13 }],
  [
    'not for C1 and C2',
    { negativeTargetMarket: { toleranceLevels: ['C1', 'C2'], investorClasses: ['ordinary'] } },
    { negativeLevels: [1, 2], negativeClasses: ['ordinary'] },
  ],
  ['of a day', { inceptionDate: LocalDate.parse('2020-01-02') }, { inceptionDay: day('2020-01-02') }],
  ['of no known day', { inceptionDate: null }, { inceptionDay: null }],
  [
    'without limits',
    { minPurchase: null, maxDailyPurchase: null },
    { minPurchaseMinor: null, maxDailyPurchaseMinor: null },
  ],
])('a product %s', (_, changes, expected) => expect(product(changes)).toMatchObject(expected))

test('cut-off days are those of the terms, by trading days and months; made once a day and initiation', () => {
  const friday = LocalDate.parse('2026-05-08')
  // 1, 4 and 5 May are holidays: the tenth trading day before is 21 April, the fifteenth 14 April.
  expect(contextInputsOf('push', cn, friday)).toEqual({
    initiation: 'push',
    navCutoffDay: day('2026-04-21'),
    navCutoffDayCrossBorder: day('2026-04-14'),
    ratingCutoffDay: day('2025-05-08'),
    statusCutoffDay: day('2025-05-08'),
    today: day('2026-05-08'),
    amountMinor: null,
    amountTodayMinor: null,
    positionBps: null,
  })
  expect(contextInputsOf('push', cn, friday)).toBe(contextInputsOf('push', cn, friday))
  expect(contextInputsOf('self-initiated', cn, friday).initiation).toBe('self-initiated')
  expect(contextInputsOf('push', cn, LocalDate.parse('2026-05-11')).today).toBe(day('2026-05-11'))
  const own = { ...cn, terms: { ...cn.terms, navTradingDays: 1 } }
  expect(contextInputsOf('push', own, friday).navCutoffDay).toBe(day('2026-05-07'))
})

test('a purchase check adds its amounts, and changes nothing else', () => {
  const known = { profile: fit, knownAt: at - 1, behaviour: none }
  const purchase = { amountMinor: 1, amountTodayMinor: 2, positionBps: 3 }
  const plain = subjectOf(known, 'self-initiated', cn, at)
  const buying = subjectOf(known, 'self-initiated', cn, at, purchase)
  expect(buying).toEqual({ ...plain, context: { ...plain.context, ...purchase } })
  expect([buying.today, plain.context.amountMinor]).toEqual(['2026-05-08', null])
})

test('redeemed of late: unknown where more were redeemed within the term than are kept', () => {
  const redeemed = (count: number, ...lastAt: number[]) => ({
    behaviour: {
      ...none,
      redeemed: Array.from({ length: count }, (_, n) => {
        return { productId: `P${n}` as ProductId, count: 1, lastAt: lastAt[n] ?? lastAt.at(-1) }
      }),
    },
  })
  const [ago, past] = [at - 86_400_000, at - 180 * 86_400_000]
  const told = (count: number, ...lastAt: number[]) => investor({}, redeemed(count, ...lastAt)).recentlyRedeemed
  expect(told(redeemedCap - 1, ago)).toHaveLength(redeemedCap - 1)
  expect(told(redeemedCap, ago)).toBeNull()
  expect(told(redeemedCap, past - 1)).toEqual([])
  // The latest comes first: of the oldest kept it shows that all within the term are there.
  expect(told(redeemedCap, ago, ago, past)).toEqual(['P0', 'P1'])
  expect(told(redeemedCap, ago, ago, past + 1)).toBeNull()
})
