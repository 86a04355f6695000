import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
} from '../../tests/randomMarket.js'
import { hasBit } from './bitset.js'
import { subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { referenceOf } from './reference.js'
import { compilePack, whyNot, whyWarned } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
/** 1,000,000 in `npm run check:long`, a tenth in the tests. */
const cases = Number(process.env['APTUS_CASES'] ?? 100_000)
const pack = (name: string) => readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`)

test.each(['cn-2026', 'eval-band'])(`%s: ${cases} random cases, compiled = reference`, (name) => {
  const rules = pack(name)
  const reference = referenceOf(rules)
  let compared = 0
  let permitted = 0
  const blocking = new Map<string, number>()
  const warning = new Map<string, number>()
  for (let seed = 1; compared < cases; seed++) {
    const random = seeded(seed)
    const products = Array.from({ length: 500 }, (_, index) => randomProduct(random, index, at))
    const compiled = compilePack(products, rules)
    for (let s = 0; s < 40 && compared < cases; s++) {
      const known = {
        profile: randomInvestor(random, s, at),
        knownAt: at - Math.floor(random() * 800) * 86_400_000,
        behaviour: randomBehaviour(random, products.length, at),
        activity: randomActivity(random),
      }
      const initiation = random() < 0.5 ? 'push' : 'self-initiated'
      const instant = at + Math.floor(random() * 3) * 43_200_000
      const purchase = initiation === 'push' ? undefined : randomPurchase(random)
      const subject = subjectOf(known, initiation, rules, instant, purchase)
      const verdicts = compiled.judge(subject)
      for (let ordinal = 0; ordinal < products.length; ordinal++) {
        const expected = reference.findings(compiled.inputs[ordinal]!, subject).map((finding) => finding.ruleId)
        const wanted = reference.warnings(compiled.inputs[ordinal]!, subject).map((finding) => finding.ruleId)
        const actual = whyNot(verdicts, ordinal)
        const warned = whyWarned(verdicts, ordinal)
        if (
          expected.join() !== actual.join() ||
          wanted.join() !== warned.join() ||
          hasBit(verdicts.permitted, ordinal) !== (expected.length === 0)
        )
          throw new Error(
            `seed ${seed}, subject ${s}, product ${ordinal}: reference ${expected.join()} and ${wanted.join()}, compiled ${actual.join()} and ${warned.join()}`,
          )
        for (const ruleId of warned) warning.set(ruleId, (warning.get(ruleId) ?? 0) + 1)
        for (const ruleId of actual) blocking.set(ruleId, (blocking.get(ruleId) ?? 0) + 1)
        permitted += actual.length === 0 ? 1 : 0
        compared += 1
      }
    }
  }
  expect(compared).toBe(cases)
  // A comparison in which nothing, or everything, is permitted would prove little; each rule must have blocked.
  expect(permitted).toBeGreaterThan(0)
  const idsOf = (effect: string): string[] => rules.rules.filter((rule) => rule.effect === effect).map(({ id }) => id)
  expect([...blocking.keys()]).toEqual(expect.arrayContaining(idsOf('block')))
  expect([...warning.keys()].sort()).toEqual(idsOf('warn').sort())
})

const leaf = fc.constantFrom(
  'product.riskLevel <= investor.riskLevel',
  'investor.horizonMonths > product.minHorizonMonths',
  'product.minHorizonMonths < investor.horizonMonths',
  'product.lockupMonths >= investor.riskLevel',
  'product.lockupMonths == investor.riskLevel',
  'investor.riskLevel != product.termMonths',
  'product.kind in investor.knownKinds',
  'investor.riskLevel in product.negativeLevels',
  'investor.investorClass in product.negativeClasses',
  'product.kind in ["bond", "equity"]',
  'product.id in investor.recentlyRedeemed',
  'product.crossBorder',
  'product.sustainable == true',
  'investor.c1Minimum',
  'investor.ageYears >= 65',
  '"income" in product.objectives',
  'context.initiation == "push"',
  'product.navDay >= context.navCutoffDay',
  'true',
)
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('expression').map((of) => `!(${of})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
}))

test('any expression of the subset, with any input exempted when missing: compiled = reference', () => {
  fc.assert(
    fc.property(
      expression,
      fc.option(expression),
      fc.integer({ min: 0, max: 1 << 20 }),
      fc.boolean(),
      (text, applies, seed, exempt) => {
        const appliesIf = applies === null ? '' : `appliesIf: ${JSON.stringify(applies)}, `
        const names = [...new Set(`${text} ${applies ?? ''}`.match(/(product|investor)\.\w+/g) ?? [])]
        const exempted = exempt && names[0] !== undefined ? `{ ${names[0]}: not-applicable }` : '{}'
        const yaml =
          readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '') +
          `rules: [{ id: ANY, scope: both, ${appliesIf}blockUnless: ${JSON.stringify(text)}, whenMissing: ${exempted}, source: s, confidence: own, effectiveFrom: 1970-01-01, messages: { zh-CN: x, en: x } }]`
        const rules = readPack(new TextEncoder().encode(yaml))
        const random = seeded(seed)
        const compiled = compilePack(
          Array.from({ length: 70 }, (_, index) => randomProduct(random, index, at)),
          rules,
        )
        const reference = referenceOf(rules)
        for (let s = 0; s < 8; s++) {
          const subject = subjectOf(
            { profile: randomInvestor(random, s, at), knownAt: at - 1, behaviour: randomBehaviour(random, 70, at) },
            s % 2 === 0 ? 'push' : 'self-initiated',
            rules,
            at,
          )
          const verdicts = compiled.judge(subject)
          compiled.inputs.forEach((product, ordinal) =>
            expect([ordinal, whyNot(verdicts, ordinal)]).toEqual([
              ordinal,
              reference.findings(product, subject).map((f) => f.ruleId),
            ]),
          )
        }
      },
    ),
    { numRuns: 200 },
  )
})
