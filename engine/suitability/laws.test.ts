import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { addMonths, localDate } from '../../features/definitions/calendar.js'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
} from '../../tests/randomMarket.js'
import { randomFirmPack } from '../../tests/randomFirmPack.js'
import { hasBit } from './bitset.js'
import { type ProductInputs, type Subject, productInputsOf, subjectOf } from './inputs.js'
import { type Pack } from './pack.js'
import { extendPack, readPack } from './readPack.js'
import { referenceOf } from './reference.js'
import { compileInputs, type Verdicts, whyNot, whyWarned } from './verdicts.js'
import { type InputValue } from './vocabulary.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const packs = ['cn-2026', 'eu-mifid2', 'us-finra'].map((name) => readPack(readFileSync(`packs/${name}.yaml`), name))
const each = packs.map((pack) => [pack.id, pack] as const)
const initiations = ['push', 'self-initiated'] as const
const size = 24
const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal)
const seeds = fc.integer({ min: 0, max: 2 ** 31 })
const holds = (law: (seed: number) => void, numRuns = 200): void => fc.assert(fc.property(seeds, law), { numRuns })

/** Some products and an investor; two in three of the profiles lack nothing, so that something is permitted. */
function market(seed: number) {
  const random = seeded(seed)
  const products = ordinals.map((index) => randomProduct(random, index, at))
  const known = {
    profile: randomInvestor(random, 1, at),
    knownAt: at - 1,
    behaviour: randomBehaviour(random, size, at),
    activity: randomActivity(random),
  }
  const { profile } = known
  if (seed % 3 > 0) {
    const level = profile.riskAssessment?.level ?? 'C3'
    profile.riskAssessment = {
      level,
      assessedAt: at - 1000,
      questionnaireVersion: 'q',
      basis: 'questionnaire',
      lacksFullCapacity: false,
      acceptsNoLoss: false,
    }
    profile.consents = { profiling: true, personalisation: true }
    profile.birthDate ??= '1980-01-01'
    profile.objectives = ['income', 'growth']
    profile.horizonMonths ??= 60
    profile.lossCapacityBps ??= 5000
    profile.knowledge = { bond: 'basic', ...profile.knowledge }
    profile.sustainability ??= 'none'
    const money = (minor: number) => ({ minor, currency: 'CNY' })
    profile.finances = {
      financialAssets: profile.finances?.financialAssets ?? money(900_000_000),
      yearlyIncome: profile.finances?.yearlyIncome ?? money(9_000_000),
      taxStatus: profile.finances?.taxStatus ?? 'taxable',
      liquidityNeeds: profile.finances?.liquidityNeeds ?? 'low',
      otherInvestments: profile.finances?.otherInvestments ?? 'none',
    }
  }
  const subjectFor = (
    pack: Pack,
    initiation: (typeof initiations)[number],
    purchase = randomPurchase(random),
  ): Subject => subjectOf(known, initiation, pack, at, initiation === 'push' ? undefined : purchase)
  const inputsFor = (pack: Pack): ProductInputs[] => products.map((product) => productInputsOf(product, pack.timeZone))
  return { random, subjectFor, inputsFor }
}
const judged = (pack: Pack, inputs: readonly ProductInputs[], subject: Subject): Verdicts =>
  compileInputs(inputs, pack).judge(subject)
const permittedIn = ({ permitted }: Verdicts): number[] => ordinals.filter((ordinal) => hasBit(permitted, ordinal))
const without = <T>(some: readonly T[], others: readonly T[]): T[] => some.filter((one) => !others.includes(one))

/** Rules that name levels one by one are no risk rules: the negative target market may be the bold alone. */
const namesLevels = ({ permits }: Pack['rules'][number]): boolean =>
  permits.names.some(({ field }) => field === 'negativeLevels')

test.each(each)('%s: raising the tolerance, all else equal, never removes a product under a risk rule', (_, pack) => {
  const risk = { ...pack, rules: pack.rules.filter((rule) => !namesLevels(rule)) }
  let added = 0
  holds((seed) => {
    const { subjectFor, inputsFor } = market(seed)
    const compiled = compileInputs(inputsFor(pack), risk)
    for (const initiation of initiations) {
      const subject = subjectFor(pack, initiation)
      let below: Verdicts | null = null
      for (const riskLevel of [null, 1, 2, 3, 4, 5]) {
        const verdicts = compiled.judge({ ...subject, investor: { ...subject.investor, riskLevel } })
        for (const ordinal of below === null ? [] : ordinals)
          expect(without(whyNot(verdicts, ordinal), whyNot(below ?? verdicts, ordinal))).toEqual([])
        added += verdicts.permittedCount - (below?.permittedCount ?? verdicts.permittedCount)
        below = verdicts
      }
    }
  })
  expect(added).toBeGreaterThan(0)
})

test.each(each)('%s: a rule or a term of a firm never adds a product, and takes no warning away', (_, pack) => {
  let removed = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    const firm = extendPack(pack, randomFirmPack(random, pack, inputs, subjectFor(pack, 'push')))
    for (const initiation of initiations) {
      const purchase = randomPurchase(random)
      const before = judged(pack, inputs, subjectFor(pack, initiation, purchase))
      const after = judged(firm, inputs, subjectFor(firm, initiation, purchase))
      expect(without(permittedIn(after), permittedIn(before))).toEqual([])
      for (const ordinal of ordinals)
        expect(without(whyWarned(before, ordinal), [...whyWarned(after, ordinal), ...whyNot(after, ordinal)])).toEqual(
          [],
        )
      removed += before.permittedCount - after.permittedCount
    }
  })
  expect(removed).toBeGreaterThan(0)
})

/** Every input whose absence exempts, and the words in which the rule's source says why. */
const exempted: Readonly<Record<string, readonly (readonly [string, string, RegExp])[]>> = {
  'cn-2026': [
    ['CN-TERM', 'product.termMonths', /without a term has none/],
    ['CN-RATE', 'product.managerRiskLevel', /without a manager's rating the rule does not apply/],
    ['CN-CONCENTRATION', 'context.positionBps', /assets that are not stated cannot be compared/],
    ['CN-LIMIT-LEAST', 'product.minPurchaseMinor', /states no such limit has none/],
    ['CN-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no such limit has none/],
  ],
  'eu-mifid2': [
    ['EU-TERM', 'product.termMonths', /without a term has none/],
    ['EU-LIMIT-LEAST', 'product.minPurchaseMinor', /states no least amount has none/],
    ['EU-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no daily limit has none/],
  ],
  'us-finra': [
    ['US-TERM', 'product.termMonths', /without a term has none/],
    ['US-LIMIT-LEAST', 'product.minPurchaseMinor', /states no least amount has none/],
    ['US-LIMIT-DAY', 'product.maxDailyPurchaseMinor', /states no daily limit has none/],
  ],
}

test.each(each)('%s: these inputs alone may be missing, each for a reason that its source gives', (id, pack) => {
  const found = pack.rules.flatMap((rule) => Object.keys(rule.whenMissing).map((input) => [rule.id, input]))
  expect(found).toEqual(exempted[id]?.map(([ruleId, input]) => [ruleId, input]))
  for (const [ruleId, , reason] of exempted[id] ?? [])
    expect(pack.rules.find((rule) => rule.id === ruleId)?.source).toMatch(reason)
})

test.each(each)('%s: a missing input never adds a product, and never turns a warning to permit', (_, pack) => {
  let removed = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const subject = subjectFor(pack, initiations[seed % 2] ?? 'push')
    const inputs = inputsFor(pack)
    const compiled = compileInputs(inputs, pack)
    const before = compiled.judge(subject)
    const { names } = forgetting(random, pack)
    for (const { entity, field } of names) {
      const forget = <T extends Readonly<Record<string, InputValue>>>(values: T): T => ({ ...values, [field]: null })
      const after =
        entity === 'product'
          ? judged(pack, inputs.map(forget), subject)
          : compiled.judge({ ...subject, [entity]: forget(subject[entity]) })
      const exempts = (ruleId: string): boolean =>
        pack.rules.some((rule) => rule.id === ruleId && rule.whenMissing[`${entity}.${field}`] !== undefined)
      for (const ordinal of ordinals) {
        const now = [...whyNot(after, ordinal), ...whyWarned(after, ordinal)]
        expect(without(whyNot(before, ordinal), whyNot(after, ordinal)).filter((id) => !exempts(id))).toEqual([])
        expect(without(whyWarned(before, ordinal), now).filter((id) => !exempts(id))).toEqual([])
      }
      removed += before.permittedCount - after.permittedCount
    }
  })
  expect(removed).toBeGreaterThan(0)
})

/** Six of the inputs that the rules of a pack read; who asks is always known. */
function forgetting(random: () => number, pack: Pack) {
  const read = pack.rules.flatMap(({ applies, permits }) => [...(applies?.names ?? []), ...permits.names])
  const all = read.filter(({ field }) => field !== 'initiation')
  return {
    names: Array.from({ length: 6 }, () => all[Math.floor(random() * all.length)]).filter((name) => name !== undefined),
  }
}

test.each(each)('%s: before its dates and after them a pack serves nothing', (_, pack) => {
  const today = localDate(at, pack.timeZone)
  const inForce = { ...pack, effectiveTo: addMonths(today, 1) }
  const out = [
    { ...pack, effectiveTo: today },
    { ...pack, effectiveTo: addMonths(today, -7) },
    { ...pack, effectiveFrom: addMonths(today, 1) },
  ]
  const references = out.map(referenceOf)
  let permitted = 0
  holds((seed) => {
    const { subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    for (const initiation of initiations) {
      const subject = subjectFor(pack, initiation)
      permitted += judged(inForce, inputs, subject).permittedCount
      for (const expired of out) expect(judged(expired, inputs, subject).permittedCount).toBe(0)
      for (const reference of references)
        expect(inputs.filter((product) => reference.findings(product, subject).length === 0)).toEqual([])
    }
  }, 20)
  expect(permitted).toBeGreaterThan(0)
})

/** A purchase that no limit stands against. */
const harmless = { amountMinor: Number.MAX_SAFE_INTEGER, amountTodayMinor: 0, positionBps: 0 }

test.each(each)('%s: what may be recommended may be bought, after confirmations at most', (_, pack) => {
  let recommendable = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    const compiled = compileInputs(inputs, pack)
    const [push, own] = [subjectFor(pack, 'push'), subjectFor(pack, 'self-initiated', harmless)]
    for (const name of [null, ...forgetting(random, pack).names]) {
      const forget = ({ investor, ...others }: Subject): Subject =>
        name?.entity === 'investor'
          ? { ...others, investor: { ...investor, [name.field]: null } }
          : { ...others, investor }
      const recommended = permittedIn(compiled.judge(forget(push)))
      const verdicts = compiled.judge(forget(own))
      expect(recommended.map((ordinal) => [name?.field, whyNot(verdicts, ordinal)])).toEqual(
        recommended.map(() => [name?.field, []]),
      )
      recommendable += recommended.length
    }
  })
  expect(recommendable).toBeGreaterThan(0)
})
