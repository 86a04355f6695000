import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Investor } from '../features/schema/investor.js'
import { levelNumber, ToleranceLevel } from '../features/schema/levels.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from '../tests/randomRelease.js'
import { type Context, decide } from './decide.js'
import { textOf } from './explanation/texts.js'
import { readPack } from './suitability/readPack.js'
import { subjectOf } from './suitability/inputs.js'
import { compiledFor } from './suitability/verdicts.js'
import { hasBit } from './suitability/bitset.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const pack = (name: string) => readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`)
const cn = pack('cn-2026')
const random = seeded(7)
const catalogue = catalogueOf(Array.from({ length: 3000 }, (_, index) => randomProduct(random, index, at)))
const release = releaseOf(randomModel(catalogue.products, 16, 1), catalogue)
const context: Context = { mode: 'live', scene: 'home', size: 10, exclude: [] }

const fit: Investor = {
  ...randomInvestor(seeded(1), 1, at),
  investorClass: 'ordinary',
  riskAssessment: {
    level: 'C4',
    assessedAt: at - 86_400_000,
    questionnaireVersion: 'q1',
    basis: 'questionnaire',
    lacksFullCapacity: false,
    acceptsNoLoss: false,
  },
  birthDate: '1980-01-01',
  objectives: ['growth', 'income'],
  horizonMonths: 36,
  consents: { profiling: true, personalisation: true },
}
const snapshot = (profile: Investor, bought: readonly number[] = [3, 23, 43]): InvestorSnapshot => ({
  profile,
  knownAt: at - 1000,
  behaviour: {
    purchased: bought.map((ordinal) => ({
      productId: catalogue.products[ordinal]!.id,
      count: 1,
      lastAt: at - 5000 - ordinal,
    })),
    viewed: [],
  },
})
const slateOf = (investor: InvestorSnapshot, ctx: Context = context) => {
  const { outcome } = decide(release, catalogue, cn, investor, ctx, at, 1).decision
  return outcome.kind === 'refusal' ? [] : outcome.slate
}

test('a fit investor gets a full slate, explained in both languages, of what he does not hold', () => {
  const { decision, disagreements } = decide(release, catalogue, cn, snapshot(fit), context, at, 1)
  expect(disagreements).toEqual([])
  expect(decision.outcome.kind).toBe('personal')
  const slate = slateOf(snapshot(fit))
  expect(slate.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  for (const { productId, reasons, disclosures, riskLevel } of slate) {
    expect(levelNumber(riskLevel)).toBeLessThanOrEqual(4)
    expect(['P00003', 'P00023', 'P00043']).not.toContain(productId)
    expect(reasons.length).toBeGreaterThan(0)
    for (const coded of [...reasons, ...disclosures])
      for (const language of ['zh-CN', 'en'] as const)
        expect(textOf(coded, language)).not.toMatch(/[{}]|低风险|高收益|低门槛/)
  }
})

const day = 86_400_000
test.each<[string, Partial<Investor>, string, string]>([
  ['no assessment', { riskAssessment: null }, 'no-assessment', 'CN-ASSESS'],
  [
    'an assessment of unknown date',
    { riskAssessment: { ...fit.riskAssessment!, assessedAt: null } },
    'no-assessment',
    'CN-ASSESS',
  ],
  [
    'an assessment of 13 months ago',
    { riskAssessment: { ...fit.riskAssessment!, assessedAt: at - 397 * day } },
    'assessment-expired',
    'CN-ASSESS',
  ],
  ['no consent', { consents: { profiling: false, personalisation: true } }, 'consent-missing', 'CN-CONSENT'],
  ['no horizon', { horizonMonths: null }, 'no-suitable-product', 'CN-PUSH'],
])('%s is refused', (_, change, refusal, ruleId) => {
  expect(decide(release, catalogue, cn, snapshot({ ...fit, ...change }), context, at, 1).decision.outcome).toEqual({
    kind: 'refusal',
    refusal,
    ruleId,
  })
})

test('an assessment holds to the last day of its twelfth month and not a day longer', () => {
  const assessedAt = Date.parse('2025-05-08T02:00:00Z')
  const investor = snapshot({ ...fit, riskAssessment: { ...fit.riskAssessment!, assessedAt } })
  const kindAt = (instant: string) => {
    const { outcome } = decide(release, catalogue, cn, investor, context, Date.parse(instant), 1).decision
    return outcome.kind === 'refusal' ? outcome.refusal : outcome.kind
  }
  // Midnight in Shanghai is 16:00Z.
  expect(kindAt('2026-05-08T15:59:59Z')).toBe('personal')
  expect(kindAt('2026-05-08T16:00:00Z')).toBe('assessment-expired')
})

test('a profile known too long ago is refused as stale', () => {
  const { outcome } = decide(
    release,
    catalogue,
    cn,
    { ...snapshot(fit), knownAt: at - 800 * day },
    context,
    at,
    1,
  ).decision
  expect(outcome).toEqual({ kind: 'refusal', refusal: 'profile-stale', ruleId: 'CN-PROFILE' })
})

test('one who opted out gets a list that does not depend on what he did', () => {
  const optedOut = { ...fit, consents: { profiling: true, personalisation: false } }
  const ids = (bought: readonly number[]) =>
    slateOf(snapshot(optedOut, bought), { ...context, scene: 'holdings' }).map(({ productId }) => productId)
  expect(ids([1, 2])).toEqual(ids([900, 901, 902]))
  expect(decide(release, catalogue, cn, snapshot(optedOut), context, at, 1).decision.outcome.kind).toBe('non-personal')
})

test('a pack for evaluation does not serve', () => {
  expect(() => decide(release, catalogue, pack('eval-open'), snapshot(fit), context, at, 1)).toThrow(/evaluation/)
})

test('before its dates a pack serves nothing', () => {
  const early = Date.parse('2016-05-08T00:00:00Z')
  const { outcome } = decide(release, catalogue, cn, snapshot(fit), context, early, 1).decision
  expect(outcome).toEqual({ kind: 'refusal', refusal: 'no-suitable-product', ruleId: 'PACK-NOT-IN-FORCE' })
})

test('whoever asks: nothing is served above his level, nothing that the reference rejects, and the same twice over', () => {
  let served = 0
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (seed, size) => {
      const investor = snapshot(randomInvestor(seeded(seed), 1, at), [Math.abs(seed) % 3000])
      const first = decide(release, catalogue, cn, investor, { ...context, size }, at, 1)
      const { outcome } = first.decision
      expect(first.disagreements).toEqual([])
      expect(JSON.stringify(decide(release, catalogue, cn, investor, { ...context, size }, at, 1))).toBe(
        JSON.stringify(first),
      )
      if (outcome.kind === 'refusal') return
      served += 1
      expect(outcome.slate.length).toBeGreaterThan(0)
      const level = levelNumber(investor.profile.riskAssessment!.level)
      for (const item of outcome.slate) expect(levelNumber(item.riskLevel)).toBeLessThanOrEqual(level)
      expect(new Set(outcome.slate.map(({ productId }) => productId)).size).toBe(outcome.slate.length)
    }),
    { numRuns: 300 },
  )
  expect(served).toBeGreaterThan(20)
})

test('raising the tolerance never removes a product', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const profile = randomInvestor(seeded(seed), 1, at)
      if (profile.riskAssessment === null) return
      const flags = { lacksFullCapacity: false, acceptsNoLoss: false }
      const permitted = ToleranceLevel.options.map((level) => {
        const raised = { ...profile, riskAssessment: { ...profile.riskAssessment!, ...flags, level } }
        return compiledFor(catalogue, cn).judge(subjectOf(snapshot(raised), 'push', cn, at)).permitted
      })
      for (let level = 1; level < 5; level++)
        catalogue.products.forEach((_, ordinal) => {
          if (hasBit(permitted[level - 1]!, ordinal)) expect(hasBit(permitted[level]!, ordinal)).toBe(true)
        })
    }),
    { numRuns: 50 },
  )
})
