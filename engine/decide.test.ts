import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Investor } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
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
  [
    'a level that was only predicted',
    { riskAssessment: { ...fit.riskAssessment!, basis: 'predicted' } },
    'no-assessment',
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
  const ids = (bought: readonly number[]) => slateOf(snapshot(optedOut, bought)).map(({ productId }) => productId)
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

const permittedFor = (change: Partial<Investor>, product: Partial<Product>): boolean => {
  const one = catalogueOf([{ ...fitProduct, ...product }])
  return compiledFor(one, cn).judge(subjectOf(snapshot({ ...fit, ...change }, []), 'push', cn, at)).permittedCount === 1
}
const fitProduct: Product = {
  ...catalogue.products[0]!,
  crossBorder: false,
  rating: {
    level: 'R4',
    basis: 'declared',
    ratedAt: at - day,
    volatilityBps: null,
    volatilitySource: null,
    observations: 0,
  },
  managerRiskLevel: null,
  status: 'open',
  statusAt: at - day,
  lockupDays: 0,
  termMonths: null,
  targetMarket: { objectives: ['growth'], minHorizonMonths: 12 },
  negativeTargetMarket: { toleranceLevels: [], investorClasses: [] },
  facts: { ...catalogue.products.find(({ facts }) => facts !== null)!.facts!, navDate: '2026-05-07' },
}
const dated = (navDate: string) => ({ facts: { ...fitProduct.facts!, navDate } })

test.each<[string, Partial<Investor>, Partial<Product>, boolean]>([
  ['the product that fits', {}, {}, true],
  ['a NAV of today', {}, dated('2026-05-08'), true],
  ['a NAV that lies ahead', {}, dated('2026-05-09'), false],
  ['a NAV of ten trading days ago', {}, dated('2026-04-21'), true],
  ['a NAV of eleven trading days ago', {}, dated('2026-04-20'), false],
  ['that NAV of a cross-border product', {}, { ...dated('2026-04-20'), crossBorder: true }, true],
  ['a rating that lies ahead', {}, { rating: { ...fitProduct.rating!, ratedAt: at + 2 * day } }, false],
  ['a status that lies ahead', {}, { statusAt: at + 2 * day }, false],
  ['no rating', {}, { rating: null }, false],
  ['age 65, R4', { birthDate: '1961-05-08' }, {}, false],
  ['a day short of 65, R4', { birthDate: '1961-05-09' }, {}, true],
  ['no birth date, R4', { birthDate: null }, {}, false],
  ['no birth date, R3', { birthDate: null }, { rating: { ...fitProduct.rating!, level: 'R3' } }, true],
  ['a birth date that lies ahead, R4', { birthDate: '2050-01-01' }, {}, false],
  [
    'the manager excludes his level',
    {},
    { negativeTargetMarket: { toleranceLevels: ['C4'], investorClasses: [] } },
    false,
  ],
  [
    'the manager excludes his class',
    {},
    { negativeTargetMarket: { toleranceLevels: [], investorClasses: ['ordinary'] } },
    false,
  ],
  ['a term within his horizon', {}, { termMonths: 36 }, true],
  ['a term beyond his horizon', {}, { termMonths: 37 }, false],
  ['a lock-up of a year, horizon of a year', { horizonMonths: 12 }, { lockupDays: 365 }, true],
  ['a lock-up of a year and a day, horizon of a year', { horizonMonths: 12 }, { lockupDays: 366 }, false],
  ['a manager’s rating above the distributor’s', {}, { managerRiskLevel: 'R5' }, false],
  ['suspended', {}, { status: 'suspended' }, false],
  ['off his objectives', { objectives: ['income'] }, {}, false],
  [
    'a professional without objectives and horizon',
    { investorClass: 'professional', objectives: null, horizonMonths: null },
    {},
    true,
  ],
  ['C3', { riskAssessment: { ...fit.riskAssessment!, level: 'C3' } }, {}, false],
  [
    'C1-minimum',
    { riskAssessment: { ...fit.riskAssessment!, level: 'C1', acceptsNoLoss: true } },
    { rating: { ...fitProduct.rating!, level: 'R2' } },
    false,
  ],
])('cn-2026, push: %s', (_, change, product, permitted) => expect(permittedFor(change, product)).toBe(permitted))

test('what the compiled rules permit by mistake, the second check leaves out and tells', () => {
  const own = catalogueOf([...catalogue.products])
  const investor = snapshot({ ...fit, riskAssessment: { ...fit.riskAssessment!, level: 'C2' } })
  const honest = decide(release, own, cn, investor, context, at, 1)
  const verdicts = compiledFor(own, cn).judge(subjectOf(investor, 'push', cn, at))
  const wrong = catalogueOf([...catalogue.products])
  // The same verdicts, but for a mask that permits everything.
  compiledFor(wrong, cn)
    .judge(subjectOf(investor, 'push', cn, at))
    .permitted.fill(0xffff_ffff)
  const { decision, disagreements } = decide(release, wrong, cn, investor, context, at, 1)
  expect(honest.disagreements).toEqual([])
  expect(disagreements.length).toBeGreaterThan(0)
  for (const { findings } of disagreements) expect(findings.length).toBeGreaterThan(0)
  if (decision.outcome.kind !== 'refusal')
    for (const { productId } of decision.outcome.slate)
      expect(hasBit(verdicts.permitted, own.ordinalOf.get(productId)!)).toBe(true)
})

test('an unrated product is never served, whatever the pack', () => {
  const open = pack('eval-open')
  const unrated = catalogueOf(catalogue.products.map((product) => ({ ...product, rating: null })))
  const { outcome } = decide(release, unrated, open, snapshot(fit), { ...context, mode: 'evaluation' }, at, 1).decision
  expect(outcome.kind).toBe('refusal')
})

test('raising the tolerance never removes a product under the risk rules', () => {
  // A manager's negative target market names levels one by one: no rule of risk, and the law does not hold for it.
  const products = catalogue.products.map((product) => ({
    ...product,
    negativeTargetMarket: fitProduct.negativeTargetMarket,
  }))
  const untargeted = catalogueOf(products)
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const profile = randomInvestor(seeded(seed), 1, at)
      if (profile.riskAssessment === null) return
      const flags = { lacksFullCapacity: false, acceptsNoLoss: false }
      const permitted = ToleranceLevel.options.map((level) => {
        const raised = { ...profile, riskAssessment: { ...profile.riskAssessment!, ...flags, level } }
        return compiledFor(untargeted, cn).judge(subjectOf(snapshot(raised), 'push', cn, at)).permitted
      })
      for (let level = 1; level < 5; level++)
        catalogue.products.forEach((_, ordinal) => {
          if (hasBit(permitted[level - 1]!, ordinal)) expect(hasBit(permitted[level]!, ordinal)).toBe(true)
        })
    }),
    { numRuns: 50 },
  )
})
