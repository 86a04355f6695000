import { readFileSync } from 'node:fs'
import { type TradeEvent } from '../features/definitions/holdings.js'
import { Finances } from '../features/schema/investor.js'
import { type ProductId } from '../features/schema/ids.js'
import { type Money } from '../features/schema/money.js'
import { type RiskLevel } from '../features/schema/levels.js'
import {
  account,
  accountOfLowest,
  at,
  catalogue,
  check,
  cny,
  dayMs,
  fund,
  levels,
  pack,
} from '../tests/purchaseCase.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { randomModel, releaseOf, catalogueOf } from '../tests/randomRelease.js'
import { decide } from './decide.js'
import { checkPurchase, judgePurchase } from './purchase.js'
import { subjectOf } from './suitability/inputs.js'
import { readPack } from './suitability/readPack.js'
import { compilePack, whyNot, whyWarned } from './suitability/verdicts.js'

const trade = (
  type: 'purchase' | 'redemption',
  level: RiskLevel,
  occurredAt: number,
  amount: Money | null = cny(100_000),
): TradeEvent => ({ type, productId: fund(level).id, occurredAt, amount })

const up = ['unsuitability-notice', 'special-risk-warning', 'insist']
const high = ['high-risk-information', 'time-to-think']
const ids = (findings: readonly { ruleId: string }[]): string[] => findings.map(({ ruleId }) => ruleId)
const stepsOf = (given: ReturnType<typeof check>): string[] => given.steps.map(({ stepId }) => stepId)

describe('verdicts', () => {
  test.each([
    ['within his level', account('C4'), 'R4', 'warn', ['CN-INFORM'], ['inform']],
    ['above his level', account('C2'), 'R3', 'warn', ['CN-UP', 'CN-INFORM'], [...up, 'inform']],
    ['of the highest risk', account('C5'), 'R5', 'warn', ['CN-HIGH', 'CN-INFORM'], [...high, 'inform']],
    ['both', account('C2'), 'R5', 'warn', ['CN-UP', 'CN-HIGH', 'CN-INFORM'], [...up, ...high, 'inform']],
    [
      'at 65',
      account('C5', { birthDate: '1950-01-01' }),
      'R4',
      'warn',
      ['CN-65-CARE', 'CN-INFORM'],
      ['special-care', 'inform'],
    ],
    ['the lowest tolerance, R1', accountOfLowest(), 'R1', 'warn', ['CN-INFORM'], ['inform']],
  ] as const)('%s: warned, with the steps in the order of the rules', (_, who, level, verdict, warned, steps) => {
    const given = check(who, level)
    expect([given.verdict, ids(given.warnings), stepsOf(given)]).toEqual([verdict, warned, steps])
    expect(given.findings).toEqual([])
  })

  const assessed = account('C4').profile.riskAssessment
  test.each([
    ['the lowest tolerance', accountOfLowest(), 'R2', 'CN-C1MIN', 'unmet'],
    [
      'no consent',
      account('C4', { consents: { profiling: false, personalisation: true } }),
      'R2',
      'CN-CONSENT',
      'unmet',
    ],
    ['no assessment', account('C4', { riskAssessment: null }), 'R2', 'CN-ASSESS', 'missing'],
    [
      'an assessment past its term',
      account('C4', { riskAssessment: assessed && { ...assessed, assessedAt: at - 400 * dayMs } }),
      'R2',
      'CN-ASSESS',
      'unmet',
    ],
    ['a profile past its term', { ...account('C4'), knownAt: at - 900 * dayMs }, 'R2', 'CN-PROFILE', 'unmet'],
  ] as const)('%s: blocked, without steps', (_, who, level, ruleId, code) => {
    const given = check(who, level)
    expect([given.verdict, given.warnings, given.steps]).toEqual(['block', [], []])
    expect(given.findings).toContainEqual(expect.objectContaining({ ruleId, code }))
  })

  test('what is suspended, unrated or rated below its manager is blocked for everybody', () => {
    for (const [changes, ruleId] of [
      [{ status: 'suspended' }, 'CN-LIFE'],
      [{ managerRiskLevel: 'R5' }, 'CN-RATE'],
      [{ facts: null }, 'CN-STALE'],
    ] as const) {
      const of = catalogueOf([fund('R2', changes)])
      expect(ids(check(account('C5'), 'R2', { of }).findings)).toEqual([ruleId])
    }
  })

  test('a pack that is not in force blocks', () => {
    const given = check(account('C5'), 'R1', { pack: { ...pack, effectiveFrom: '2030-01-01' } })
    expect([given.verdict, ids(given.findings)]).toEqual(['block', ['PACK-NOT-IN-FORCE']])
  })

  test('without a rule that warns it is permitted at once', () => {
    const silent = { ...pack, rules: pack.rules.filter(({ effect }) => effect !== 'warn') }
    expect(check(account('C2'), 'R5', { pack: silent })).toMatchObject({ verdict: 'permit', warnings: [], steps: [] })
  })
})

test.each([
  ['unknown-product', { productId: 'none' as ProductId, amount: cny(1) }],
  ['other-currency', { productId: fund('R1').id, amount: { minor: 1, currency: 'USD' } }],
  ['no-amount', { productId: fund('R1').id, amount: cny(0) }],
  ['no-amount', { productId: fund('R1').id, amount: cny(-5) }],
] as const)('%s is no verdict', (fault, request) => {
  expect(checkPurchase(catalogue, pack, account('C5'), request, at)).toEqual({ fault })
})

describe('what he buys today, and would hold', () => {
  const limited = catalogueOf([fund('R3', { maxDailyPurchase: cny(250_000), minPurchase: cny(1_000) })])
  const bought = (...trades: readonly TradeEvent[]) => check(account('C4', {}, trades), 'R3', { of: limited })
  const midnight = Date.parse('2026-05-07T16:00:00Z')

  test.each([
    ['nothing', [], 100_000, []],
    ['as much as the limit leaves', [trade('purchase', 'R3', midnight, cny(150_000))], 250_000, []],
    ['more', [trade('purchase', 'R3', at - 1, cny(150_001))], 250_001, ['CN-LIMIT-DAY']],
    ['yesterday, by the calendar of the pack', [trade('purchase', 'R3', midnight - 1, cny(900_000))], 100_000, []],
    ['and sold again', [trade('purchase', 'R3', at - 2), trade('redemption', 'R3', at - 1)], 200_000, []],
    ['of another product', [trade('purchase', 'R4', at - 1, cny(900_000))], 100_000, []],
    ['nobody knows how much', [trade('purchase', 'R3', at - 1, null)], null, ['CN-LIMIT-DAY']],
    ['in another currency', [trade('purchase', 'R3', at - 1, { minor: 1, currency: 'USD' })], null, ['CN-LIMIT-DAY']],
    [
      'more often than is kept',
      Array.from({ length: 70 }, (_, n) => trade('purchase', 'R3', at - 70 + n, cny(1))),
      null,
      ['CN-LIMIT-DAY'],
    ],
  ] as const)('%s', (_, trades, amountTodayMinor, findings) => {
    const given = bought(...trades)
    expect([given.purchase.amountTodayMinor, ids(given.findings)]).toEqual([amountTodayMinor, findings])
  })

  test('less than the least is blocked', () => {
    const given = check(account('C4'), 'R3', { of: limited, amount: cny(999) })
    expect(ids(given.findings)).toEqual(['CN-LIMIT-LEAST'])
  })

  const owns = (minor: number, currency = 'CNY') => ({
    finances: Finances.parse({ financialAssets: { minor, currency } }),
  })
  const earlier = trade('purchase', 'R3', at - 90 * dayMs, cny(150_000))
  test.each([
    ['half is not more than half', owns(500_000), [earlier], 5000, false],
    ['a part of a basis point is one', owns(499_999), [earlier], 5001, true],
    ['the purchase alone', owns(1_000_000), [], 1000, false],
    ['more than everything', owns(1), [earlier], 2_500_000_000, true],
    ['assets unknown', {}, [earlier], null, false],
    ['assets of nothing', owns(0), [earlier], Number.MAX_SAFE_INTEGER, true],
    ['debts', owns(-5), [], Number.MAX_SAFE_INTEGER, true],
    ['assets in another currency', owns(1, 'USD'), [earlier], null, false],
    ['a lot of unknown size: as much at least', owns(150_000), [trade('purchase', 'R3', at - dayMs, null)], 6667, true],
    ['and one of known size beside', owns(500_000), [trade('purchase', 'R3', at - dayMs, null), earlier], 5000, false],
  ] as const)('concentration: %s', (_, changes, trades, positionBps, warned) => {
    const given = check(account('C4', changes, trades), 'R3')
    expect(given.purchase.positionBps).toBe(positionBps)
    expect(ids(given.warnings).includes('CN-CONCENTRATION')).toBe(warned)
  })

  test('a lock-up beyond his horizon wants a notice', () => {
    const of = catalogueOf([fund('R3', { lockupDays: 730 })])
    expect(stepsOf(check(account('C4', { horizonMonths: 12 }), 'R3', { of }))).toEqual(['lockup-notice', 'inform'])
  })
})

test('a redeemed product: bought back by himself with a word on its costs, and never recommended', () => {
  const sold = [trade('purchase', 'R3', at - 90 * dayMs), trade('redemption', 'R3', at - 10 * dayMs)]
  const who = account('C4', {}, sold)
  const given = check(who, 'R3')
  expect([given.verdict, stepsOf(given)]).toEqual(['warn', ['inform']])
  expect(given.disclosures).toContainEqual({ code: 'REDEEMED_LATELY', params: { days: 180 } })
  const longAgo = check(account('C4', {}, [trade('redemption', 'R3', at - 180 * dayMs)]), 'R3')
  expect(longAgo.disclosures.map(({ code }) => code)).not.toContain('REDEEMED_LATELY')

  const made = { objectives: ['growth' as const], minHorizonMonths: 6 }
  const of = catalogueOf(levels.map((level) => fund(level, { targetMarket: made })))
  const release = releaseOf(randomModel(of.products, 8, 1), of)
  const slateOf = (investor: typeof who): readonly string[] => {
    const context = { mode: 'live', scene: 'holdings', size: 10, exclude: [] } as const
    const { outcome } = decide(release, of, pack, investor, context, at, 1).decision
    return outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId).sort()
  }
  expect(slateOf(account('C4'))).toEqual(['fund-R1', 'fund-R2', 'fund-R3', 'fund-R4'])
  expect(slateOf(who)).toEqual(['fund-R1', 'fund-R2', 'fund-R4'])
})

test('a redemption whose date is wrong and lies ahead does not hide the one of yesterday', () => {
  const sold = [trade('redemption', 'R3', at - dayMs), trade('redemption', 'R3', at + 36_500 * dayMs)]
  const given = check(account('C4', {}, sold), 'R3')
  expect(given.disclosures).toContainEqual({ code: 'REDEEMED_LATELY', params: { days: 180 } })
  const { investor } = subjectOf(account('C4', {}, sold), 'push', pack, at)
  expect(investor.recentlyRedeemed).toEqual(['fund-R3'])
})

test('who lacks full capacity, or accepts no loss, is blocked above R1 whatever level a profile states beside', () => {
  for (const flag of ['lacksFullCapacity', 'acceptsNoLoss'] as const) {
    const who = account('C3')
    const riskAssessment = who.profile.riskAssessment === null ? null : { ...who.profile.riskAssessment, [flag]: true }
    const given = check({ ...who, profile: { ...who.profile, riskAssessment } }, 'R2')
    expect([given.verdict, ids(given.findings)]).toEqual(['block', ['CN-C1MIN']])
  }
})

test('no confirmation makes a recommendation of a purchase: a push of what he may buy himself stays blocked', () => {
  const given = check(account('C2'), 'R3')
  expect(given.verdict).toBe('warn')
  const release = releaseOf(randomModel(catalogue.products, 8, 1), catalogue)
  const context = { mode: 'live', scene: 'home', size: 10, exclude: [] } as const
  const { outcome } = decide(release, catalogue, pack, account('C2'), context, at, 1).decision
  expect(outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId)).not.toContain('fund-R3')
})

test('equal arguments give equal checks, and the recorded inputs are judged to the same again', () => {
  for (const level of levels)
    for (const who of [account('C2', {}, [trade('purchase', level, at - 1)]), accountOfLowest()]) {
      const given = check(who, level)
      expect(check(structuredClone(who), level)).toEqual(given)
      const { verdict, findings, warnings, steps } = given
      const { trades: _, ...snapshot } = who
      expect(judgePurchase(fund(level), pack, snapshot, given.purchase, at)).toEqual({
        verdict,
        findings,
        warnings,
        steps,
      })
    }
})

test.each(['cn-2026', 'eu-mifid2', 'us-finra'])(
  '%s: what a check says of a product, the compiled rules say too',
  (name) => {
    const rules = readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`)
    const random = seeded(11)
    const of = catalogueOf(Array.from({ length: 300 }, (_, index) => randomProduct(random, index, at)))
    const compiled = compilePack(of.products, rules)
    const verdicts = new Map<string, number>()
    for (let index = 0; index < 16; index++) {
      const who = { ...account('C1'), profile: randomInvestor(random, index, at) }
      const amount = cny(1 + Math.floor(random() * 3000))
      for (const [ordinal, { id }] of of.products.entries()) {
        const given = checkPurchase(of, rules, who, { productId: id, amount }, at)
        if ('fault' in given) throw new Error(given.fault)
        const said = compiled.judge(subjectOf(who, 'self-initiated', rules, at, given.purchase))
        expect(ids(given.findings)).toEqual(whyNot(said, ordinal))
        if (given.verdict !== 'block') expect(ids(given.warnings)).toEqual(whyWarned(said, ordinal))
        expect(given.steps.length > 0).toBe(given.verdict === 'warn')
        verdicts.set(given.verdict, (verdicts.get(given.verdict) ?? 0) + 1)
      }
    }
    expect(verdicts.get('block')).toBeGreaterThan(100)
    expect(verdicts.get('warn')).toBeGreaterThan(20)
  },
)
