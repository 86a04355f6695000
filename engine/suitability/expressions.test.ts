import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { randomBehaviour, randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { referenceOf } from './reference.js'
import { compilePack, whyNot } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')

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
  'product.crossBorder == investor.optedOut',
  'investor.c1Minimum != product.sustainable',
  'product.kind == investor.assetBand',
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
          open +
          `rules: [{ id: ANY, scope: both, ${appliesIf}blockUnless: ${JSON.stringify(text)}, whenMissing: ${exempted}, source: s, confidence: own, effectiveFrom: 1970-01-01, messages: { zh-CN: x, en: x } }]`
        const rules = readPack(new TextEncoder().encode(yaml))
        const random = seeded(seed)
        const compiled = compilePack(
          Array.from({ length: 40 }, (_, index) => randomProduct(random, index, at)),
          rules,
        )
        const reference = referenceOf(rules)
        for (let s = 0; s < 4; s++) {
          const subject = subjectOf(
            { profile: randomInvestor(random, s, at), knownAt: at - 1, behaviour: randomBehaviour(random, 40, at) },
            s % 2 === 0 ? 'push' : 'self-initiated',
            rules,
            at,
          )
          const verdicts = compiled.judge(subject)
          for (const [ordinal, product] of compiled.inputs.entries()) {
            const expected = reference.findings(product, subject).length > 0
            if (whyNot(verdicts, ordinal).length > 0 !== expected)
              throw new Error(`product ${ordinal}, subject ${s}: the reference says ${expected ? 'block' : 'permit'}`)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})
