import { readFileSync } from 'node:fs'
import { type Subject, subjectOf } from '../../engine/suitability/inputs.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { referenceFor } from '../../engine/suitability/reference.js'
import { type Verdicts, compilePack, whyNot, whyWarned } from '../../engine/suitability/verdicts.js'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
} from '../randomMarket.js'
import { type Verdict, cn2026, judgedBy } from './cn2026.js'

/** 1,000,000 in `npm run check:long`, a tenth in the tests. */
const cases = Number(process.env['APTUS_CASES'] ?? 100_000)
const productsAtOnce = 500
const subjectsOverThem = 40
const dayMs = 86_400_000
const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const nonPersonalRules = pack.rules.filter(({ effect }) => effect === 'non-personal')
const reference = referenceFor(pack)

/** A Friday evening, and days around a change of year and of summer time elsewhere. */
const instants = ['2026-05-08T15:00:00Z', '2026-10-25T16:30:00Z', '2027-01-01T00:00:00Z'].map((text) =>
  Date.parse(text),
)

function randomSubject(random: () => number, index: number, at: number): Subject {
  const known = {
    profile: randomInvestor(random, index, at),
    knownAt: at - Math.floor(random() * 800) * dayMs,
    behaviour: randomBehaviour(random, productsAtOnce, at),
    activity: randomActivity(random),
  }
  const initiation = random() < 0.5 ? 'push' : 'self-initiated'
  // Now and then he asks without naming an amount: a list, not a purchase.
  const purchase = initiation === 'push' || random() < 0.1 ? undefined : randomPurchase(random)
  return subjectOf(known, initiation, pack, at + Math.floor(random() * 3) * (dayMs / 2), purchase)
}

const saidByPack = (verdicts: Verdicts, subject: Subject, ordinal: number): Verdict => ({
  blocked: [...whyNot(verdicts, ordinal)].sort(),
  warned: [...whyWarned(verdicts, ordinal)].sort(),
  nonPersonal: nonPersonalRules
    .filter(({ scope }) => scope === 'both' || scope === subject.context.initiation)
    .filter((rule) => reference.judge(rule, null, subject) !== null)
    .map(({ id }) => id),
})

const text = ({ blocked, warned, nonPersonal }: Verdict): string =>
  `blocks ${blocked.join()}; warns ${warned.join()}; non-personal ${nonPersonal.join()}`

test(`${cases} random cases: the pack says what the table says`, () => {
  let compared = 0
  const fired = new Set<string>()
  let permitted = 0
  for (let seed = 1; compared < cases; seed++) {
    const random = seeded(seed * 7919)
    const at = instants[seed % instants.length] ?? 0
    const products = Array.from({ length: productsAtOnce }, (_, index) => randomProduct(random, index, at))
    const compiled = compilePack(products, pack)
    for (let s = 0; s < subjectsOverThem && compared < cases; s++) {
      const subject = randomSubject(random, s, at)
      const verdicts = compiled.judge(subject)
      for (const [ordinal, product] of compiled.inputs.entries()) {
        const table = judgedBy(cn2026, { product, ...subject })
        const said = saidByPack(verdicts, subject, ordinal)
        if (text(table) !== text(said))
          throw new Error(
            `seed ${seed}, subject ${s}, ${String(subject.context.initiation)}, product ${ordinal}: the table ${text(table)}; the pack ${text(said)}`,
          )
        for (const id of [...table.blocked, ...table.warned, ...table.nonPersonal]) fired.add(id)
        permitted += table.blocked.length === 0 ? 1 : 0
        compared += 1
      }
    }
  }
  expect(compared).toBeGreaterThanOrEqual(cases)
  // Every line of the table has said something, and not everything was blocked: otherwise agreement proves little.
  expect([...fired].sort()).toEqual(cn2026.map(({ id }) => id).sort())
  expect(permitted).toBeGreaterThan(cases / 1000)
})

test('terms, limits, professional investors and retention are those of the wording', () => {
  expect(pack.terms).toMatchObject({
    assessmentMonths: 12,
    navTradingDays: 10,
    navTradingDaysCrossBorder: 15,
    ratingMonths: 12,
    churnDays: 180,
  })
  expect(pack.assessmentLimits).toMatchObject({ perDay: 2, per12Months: 8 })
  expect(pack.retention.years).toBe(20)
  const yuan = 100
  expect(pack.professional).toMatchObject([
    { by: 'right', financialAssetsMinor: 5_000_000 * yuan, meanYearlyIncomeMinor: 500_000 * yuan, experienceYears: 2 },
    {
      by: 'request',
      financialAssetsMinor: 3_000_000 * yuan,
      meanYearlyIncomeMinor: 300_000 * yuan,
      experienceYears: 1,
    },
  ])
  expect(pack.rematch?.rules).toContain('CN-MATCH')
})

test('what the wording marks as taken from a summary, the pack marks too', () => {
  const confidence = Object.fromEntries([...pack.rules, ...pack.standards].map((rule) => [rule.id, rule.confidence]))
  for (const id of [
    'CN-C1MIN',
    'CN-ASSESS',
    'CN-65',
    'CN-65-CARE',
    'CN-RATE',
    'CN-CHURN',
    'CN-PERF',
    'CN-WORDS',
    'CN-SORT',
  ])
    expect([id, confidence[id]]).toEqual([id, 'summary'])
})
