import { Event } from '../schema/event.js'
import { Investor } from '../schema/investor.js'
import { Product } from '../schema/product.js'
import { formatInstant } from '../schema/time.js'
import { outOfRange, rangedFields } from './outOfRange.js'
import { ranges, rangeSubjects } from './ranges.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000

const investor = (changes: object) =>
  Investor.parse({ id: 'i', riskAssessment: null, consents: { profiling: true, personalisation: true }, ...changes })
const purchase = (changes: object) =>
  Event.parse({
    eventId: 'e',
    investorId: 'i',
    type: 'purchase',
    productId: 'P',
    occurredAt: formatInstant(at),
    ...changes,
  })
const product = (changes: object) =>
  Product.parse({
    id: 'P',
    companyId: 'c',
    companyName: '一号',
    name: { 'zh-CN': '产品' },
    kind: 'bond',
    currency: 'CNY',
    rating: null,
    status: 'open',
    statusAt: formatInstant(at - dayMs),
    ...changes,
  })
const cny = (minor: number) => ({ minor, currency: 'CNY' })
const assessed = (assessedAt: string) => ({
  riskAssessment: { level: 'C3', assessedAt, questionnaireVersion: 'q' },
})

const found = (all: ReturnType<typeof outOfRange>) =>
  all.map(({ path, refused }) => `${path.join('.')} ${refused ? 'refused' : 'odd'}`)

test.each([
  ['2026-05-09', ['birthDate odd']],
  ['2026-05-10', ['birthDate refused']],
  ['2009-01-01', ['birthDate odd']],
  ['2008-05-07', []],
  ['1921-05-10', []],
  ['1921-05-01', ['birthDate odd']],
  ['1896-05-10', ['birthDate odd']],
  ['1896-05-01', ['birthDate refused']],
])('born %s', (birthDate, wanted) => {
  expect(found(outOfRange('investor', investor({ birthDate }), at))).toEqual(wanted)
})

test('assessments: not before 1990, not ahead of a clock that may run 5 minutes ahead; of a list the member is told', () => {
  expect(found(outOfRange('investor', investor(assessed(formatInstant(at + 5 * 60_000))), at))).toEqual([])
  expect(found(outOfRange('investor', investor(assessed(formatInstant(at + 5 * 60_000 + 1))), at))).toEqual([
    'riskAssessment.assessedAt refused',
  ])
  const assessments = [formatInstant(at), '1989-12-31T23:59:59Z', '1990-01-01T00:00:00Z', '2026-06-08T00:00:00Z']
  expect(found(outOfRange('investor', investor({ assessments }), at))).toEqual([
    'assessments.1 refused',
    'assessments.3 refused',
  ])
})

test.each([
  [{ occurredAt: '1989-12-31T23:59:59Z' }, ['occurredAt refused']],
  [{ occurredAt: '1990-01-01T00:00:00Z' }, []],
  [{ amount: cny(-1) }, ['amount.minor refused']],
  [{ amount: cny(0) }, ['amount.minor odd']],
  [{ amount: cny(1) }, []],
  [{ amount: cny(1e11) }, []],
  [{ amount: cny(1e11 + 1) }, ['amount.minor odd']],
  [{ amount: cny(1e15) }, ['amount.minor odd']],
  [{ amount: cny(1e15 + 1) }, ['amount.minor refused']],
  [{ unitsMicros: 1e15 + 1 }, ['unitsMicros odd']],
  [{ amount: null }, []],
])('an event with %j', (changes, wanted) => {
  expect(found(outOfRange('event', purchase(changes), at))).toEqual(wanted)
})

test.each([
  [{ facts: { navDate: '2026-05-10' } }, ['facts.navDate refused']],
  [{ facts: { navDate: '2026-05-09', return12mBps: -10_001 } }, ['facts.return12mBps refused']],
  [
    { facts: { navDate: '2026-05-08', return1mBps: -10_000, volatilityBps: 15_001 } },
    ['facts.return1mBps odd', 'facts.volatilityBps odd'],
  ],
  [{ fees: { purchaseBps: 10_001 } }, ['fees.purchaseBps refused']],
  [{ fees: { managementBps: 501 }, lockupDays: 36_526 }, ['fees.managementBps odd', 'lockupDays refused']],
  [{ statusAt: '1970-01-01T00:00:00Z' }, ['statusAt refused']],
  [{ inceptionDate: '2030-01-01' }, ['inceptionDate odd']],
])('a product with %j', (changes, wanted) => {
  expect(found(outOfRange('product', product(changes), at))).toEqual(wanted)
})

test('usual lies within possible, everything has words, and the fields are few enough for labels', () => {
  for (const rule of rangeSubjects.flatMap((subject) => ranges[subject])) {
    const [least, most] = rule.possible
    expect(least).toBeLessThan(most)
    if (rule.usual !== null) {
      expect(rule.usual[0]).toBeGreaterThanOrEqual(least)
      expect(rule.usual[1]).toBeLessThanOrEqual(most)
    }
    expect(rule.want.length * rule.reason.length).toBeGreaterThan(0)
  }
  expect(new Set(rangedFields).size).toBe(rangedFields.length)
  expect(rangedFields).toContain('investor.birthDate')
  expect(rangedFields.length).toBeLessThan(40)
})
