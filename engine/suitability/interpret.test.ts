import { readFileSync } from 'node:fs'
import { LocalDate } from '../../features/schema/time.js'
import { parseExpression } from './expression.js'
import { type ContextInputs, type InvestorInputs, type ProductInputs, type Subject } from './inputs.js'
import { interpret } from './interpret.js'
import { readPack } from './readPack.js'
import { referenceOf } from './reference.js'
import { compileInputs } from './verdicts.js'
import { contextInputs, investorInputs, productInputs } from './vocabulary.js'

const unknown = (names: object): Record<string, null> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, null]))
const product = {
  ...unknown(productInputs),
  id: 'P1',
  riskLevel: 3,
  kind: 'bond',
  objectives: ['income'],
  negativeLevels: [1, 2],
  crossBorder: true,
  sustainable: false,
} as unknown as ProductInputs
const subject: Subject = {
  today: LocalDate.parse('2026-05-08'),
  investor: {
    ...unknown(investorInputs),
    riskLevel: 3,
    investorClass: 'ordinary',
    knownKinds: ['bond', 'equity'],
    objectives: ['growth'],
    optedOut: false,
    c1Minimum: true,
    ageYears: 2,
  } as unknown as InvestorInputs,
  context: { ...unknown(contextInputs), initiation: 'push', today: 3 } as unknown as ContextInputs,
}
const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
const packOf = (condition: string) =>
  readPack(
    new TextEncoder().encode(
      `${open}rules: [{ id: ANY, scope: both, blockUnless: ${JSON.stringify(condition)}, source: s, confidence: own, effectiveFrom: 1970-01-01, messages: { zh-CN: x, en: x } }]`,
    ),
  )

test.each([
  ['true', true],
  ['false', false],
  ['!true', false],
  ['!!true', true],
  ['true && false', false],
  ['true && true', true],
  ['false && true', false],
  ['false || true', true],
  ['true || false', true],
  ['false || false', false],
  ['true ? false : true', false],
  ['false ? false : true', true],
  ['false ? true : false', false],
  ['product.crossBorder', true],
  ['product.sustainable', false],
  ['investor.c1Minimum', true],
  ['!investor.optedOut', true],
  ['investor.optedOut == false', true],
  // Product against investor: below, at and above, each way round.
  ['product.riskLevel < investor.riskLevel', false],
  ['product.riskLevel <= investor.riskLevel', true],
  ['product.riskLevel > investor.riskLevel', false],
  ['product.riskLevel >= investor.riskLevel', true],
  ['product.riskLevel == investor.riskLevel', true],
  ['product.riskLevel != investor.riskLevel', false],
  ['product.riskLevel < investor.ageYears', false],
  ['product.riskLevel <= investor.ageYears', false],
  ['product.riskLevel > investor.ageYears', true],
  ['product.riskLevel >= investor.ageYears', true],
  ['product.riskLevel == investor.ageYears', false],
  ['product.riskLevel != investor.ageYears', true],
  ['investor.ageYears < product.riskLevel', true],
  ['investor.ageYears <= product.riskLevel', true],
  ['investor.ageYears > product.riskLevel', false],
  ['investor.ageYears >= product.riskLevel', false],
  ['investor.riskLevel <= product.riskLevel', true],
  ['investor.riskLevel < product.riskLevel', false],
  ['context.today >= product.riskLevel', true],
  // One side alone, and literals.
  ['product.riskLevel < 3', false],
  ['product.riskLevel < 4', true],
  ['product.riskLevel <= 3', true],
  ['3 <= product.riskLevel', true],
  ['4 <= product.riskLevel', false],
  ['product.riskLevel != 3', false],
  ['investor.ageYears > 2', false],
  ['investor.ageYears >= 2', true],
  ['product.riskLevel > -1', true],
  ['1 < 2', true],
  ['product.kind == "bond"', true],
  ['product.kind != "bond"', false],
  ['investor.investorClass == "professional"', false],
  // Membership.
  ['product.kind in ["equity", "bond"]', true],
  ['product.kind in ["equity"]', false],
  ['product.riskLevel in [1, 2]', false],
  ['product.riskLevel in [1, 2, 3]', true],
  ['"income" in product.objectives', true],
  ['"growth" in product.objectives', false],
  ['product.kind in investor.knownKinds', true],
  ['product.id in investor.knownKinds', false],
  ['investor.riskLevel in product.negativeLevels', false],
  ['investor.ageYears in product.negativeLevels', true],
  ['"growth" in investor.objectives', true],
  // Both in one.
  ['product.riskLevel <= investor.ageYears || product.kind in investor.knownKinds', true],
  ['product.riskLevel <= investor.riskLevel && investor.optedOut', false],
  ['!(product.riskLevel <= investor.ageYears) && product.crossBorder', true],
  ['product.crossBorder ? product.riskLevel <= investor.riskLevel : investor.optedOut', true],
  ['investor.optedOut ? product.crossBorder : product.riskLevel <= investor.ageYears', false],
  ['product.riskLevel <= investor.riskLevel ? product.sustainable : product.crossBorder', false],
  ['product.riskLevel <= investor.ageYears ? product.sustainable : product.crossBorder', true],
])('%s is %s to the interpreter, to CEL and to the compiled rule', (text, expected) => {
  const pack = packOf(text)
  expect(interpret(parseExpression(text), { product, ...subject })).toBe(expected)
  expect(referenceOf(pack).findings(product, subject)).toHaveLength(expected ? 0 : 1)
  expect(compileInputs([product], pack).judge(subject).permittedCount).toBe(expected ? 1 : 0)
})
