import { readFileSync } from 'node:fs'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
  sumsOf,
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

const judging = ['cn-2026', 'eu-mifid2', 'us-finra', 'eval-band']
test.each(judging)(`%s: ${cases} random cases, compiled = reference`, (name) => {
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
        knownAt: at - Math.floor(random() * 1300) * 86_400_000,
        behaviour: randomBehaviour(random, products.length, at),
        activity: randomActivity(random),
      }
      const initiation = random() < 0.5 ? 'push' : 'self-initiated'
      const instant = at + Math.floor(random() * 3) * 43_200_000
      const purchase = initiation === 'push' ? undefined : randomPurchase(random)
      const subject = subjectOf(sumsOf(known, rules), initiation, rules, instant, purchase)
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
