import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { foldTrades } from '../features/definitions/holdings.js'
import { noBehaviour } from '../features/schema/behaviour.js'
import { type ProductId } from '../features/schema/ids.js'
import { Investor } from '../features/schema/investor.js'
import { type RiskLevel, levelNumber, type ToleranceLevel } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { product } from '../tests/sampleRecords.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { heldProducts, rematch } from './rematch.js'
import { readPack } from './suitability/readPack.js'

const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const at = Date.parse('2026-05-08T15:00:00Z')
const id = (text: string) => text as ProductId

const rated = (level: RiskLevel): Product['rating'] => ({
  level,
  basis: 'declared',
  ratedAt: at - 1,
  volatilityBps: null,
  volatilitySource: null,
  observations: 0,
})
const catalogue = catalogueOf([
  product('LOW', { rating: rated('R1') }),
  product('MIDDLE', { rating: rated('R3') }),
  product('UNRATED', { rating: null }),
  product('EXCLUDED', {
    rating: rated('R1'),
    negativeTargetMarket: { toleranceLevels: ['C2'], investorClasses: [] },
  }),
])
const known = (level: ToleranceLevel, flags: { acceptsNoLoss?: boolean } = {}) => ({
  profile: Investor.parse({
    id: 'I1',
    riskAssessment: { level, assessedAt: '2026-01-01T00:00:00Z', questionnaireVersion: 'q', ...flags },
    consents: { profiling: true, personalisation: true },
  }),
  knownAt: at - 1,
  behaviour: noBehaviour,
})
const all = ['LOW', 'MIDDLE', 'UNRATED', 'EXCLUDED', 'GONE'].map(id)

test('what fits, what no longer does and why, and what nobody can judge', () => {
  const { rules, fits, noLonger, unjudged } = rematch(pack, known('C2'), all, catalogue, at)
  expect(rules).toEqual(['CN-MATCH', 'CN-C1MIN', 'CN-TARGET'])
  expect(fits).toEqual(['LOW'])
  expect(
    noLonger.map(({ productId, findings }) => [productId, findings.map(({ ruleId, code }) => [ruleId, code])]),
  ).toEqual([
    ['MIDDLE', [['CN-MATCH', 'unmet']]],
    ['UNRATED', ['CN-MATCH', 'CN-C1MIN'].map((ruleId) => [ruleId, 'missing'])],
    ['EXCLUDED', [['CN-TARGET', 'unmet']]],
  ])
  expect(unjudged).toEqual(['GONE'])
})

test('a level that fell, and the flag of C1-minimum', () => {
  const held = [id('LOW'), id('MIDDLE')]
  expect(rematch(pack, known('C3'), held, catalogue, at).noLonger).toEqual([])
  const fallen = rematch(pack, known('C1', { acceptsNoLoss: true }), held, catalogue, at)
  expect(fallen.noLonger.map(({ findings }) => findings.map(({ ruleId }) => ruleId))).toEqual([
    ['CN-MATCH', 'CN-C1MIN'],
  ])
})

test('an expired assessment, and none, are told: the level was matched all the same', () => {
  const matched = (profile: Partial<Investor>, when = at) =>
    rematch(pack, { ...known('C2'), profile: { ...known('C2').profile, ...profile } }, [id('LOW')], catalogue, when)
  expect(matched({})).toMatchObject({ assessmentCounts: true, fits: ['LOW'] })
  expect(matched({}, Date.parse('2027-01-02T00:00:00Z'))).toMatchObject({ assessmentCounts: false, fits: ['LOW'] })
  expect(matched({ riskAssessment: null })).toMatchObject({ assessmentCounts: false, fits: [] })
})

test('without rules of rematching, and by a pack that is not in force, nothing is said to fit', () => {
  for (const other of [
    { ...pack, rematch: null },
    { ...pack, effectiveTo: '2026-01-01' },
  ])
    expect(rematch(other, known('C5'), [id('LOW')], catalogue, at)).toMatchObject({
      rules: [],
      fits: [],
      noLonger: [],
      unjudged: ['LOW'],
    })
})

test('held is what has lots: what was redeemed whole is not matched again', () => {
  const trade = (type: 'purchase' | 'redemption', productId: string, occurredAt: number) => ({
    type,
    productId: id(productId),
    occurredAt,
    amount: { minor: 100, currency: 'CNY' },
    unitsMicros: null,
  })
  const trades = foldTrades([
    trade('purchase', 'MIDDLE', 1),
    trade('purchase', 'LOW', 1),
    trade('redemption', 'LOW', 2),
    trade('redemption', 'GONE', 2),
  ])
  expect(heldProducts(trades)).toEqual(['MIDDLE'])
})

test('each product stands in one list, and what fits is within the level, for any investor and market', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const random = seeded(seed)
      const market = catalogueOf(Array.from({ length: 20 }, (_, index) => randomProduct(random, index, at)))
      const profile = randomInvestor(random, 1, at)
      const held = [...market.products.map((each) => each.id), id('GONE')]
      const { fits, noLonger, unjudged } = rematch(pack, { ...known('C1'), profile }, held, market, at)
      expect([...fits, ...noLonger.map(({ productId }) => productId), ...unjudged].sort()).toEqual([...held].sort())
      const level = profile.riskAssessment?.level
      for (const productId of fits) {
        const risk = market.products[market.ordinalOf.get(productId) ?? -1]?.rating?.level
        expect(levelNumber(risk ?? 'R5')).toBeLessThanOrEqual(level === undefined ? 0 : levelNumber(level))
      }
    }),
    { numRuns: 200 },
  )
})
