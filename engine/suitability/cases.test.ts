import { readFileSync } from 'node:fs'
import { PackError, readPack } from './readPack.js'

const open = readFileSync('packs/eval-open.yaml', 'utf8').replace(
  'rules: []',
  'confirmations: [{ id: notice, source: s, confidence: own, messages: { zh-CN: x, en: x } }]',
)
/** Each fault of one case of one rule: what stands at its place, and what is said. */
function faultsOf(rule: string, given: string, dates = 'effectiveFrom: 1970-01-01'): readonly string[] {
  const text = `${open}
rules:
  - ${rule.split('; ').join('\n    ')}
    source: s
    confidence: own
    ${dates.split('; ').join('\n    ')}
    messages: { zh-CN: x, en: x }
    cases: [{ ${given} }]
`
  try {
    readPack(new TextEncoder().encode(text))
    return []
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    const lines = text.split('\n')
    return error.faults.map(({ line, column, message }) => {
      const stands = /^(?:\[.*?\]|"[^"]*"|[^\s,:}]+)/.exec(lines[line - 1]?.slice(column - 1) ?? '')?.[0] ?? ''
      return `${stands} – ${message}`
    })
  }
}

const level = 'id: LEVEL; scope: both; blockUnless: product.riskLevel <= investor.riskLevel'
const warns =
  'id: WARNS; scope: self-initiated; warnUnless: product.riskLevel <= investor.riskLevel; confirmations: [notice]'
const listless = "id: OPT; scope: both; effect: non-personal; blockUnless: '!investor.optedOut'"
const old =
  'id: OLD; scope: both; appliesIf: investor.ageYears >= 65; blockUnless: product.termMonths < 12; whenMissing: { product.termMonths: not-applicable }'
const levels = (product: number | null, investor: number | null): string =>
  `product: { riskLevel: ${product} }, investor: { riskLevel: ${investor} }`

test.each([
  [level, levels(2, 2), 'permit', 'block'],
  [level, levels(3, 2), 'block', 'permit'],
  [level, levels(3, null), 'missing', 'block'],
  [level, 'investor: { riskLevel: 2 }', 'missing', 'permit'],
  [warns, levels(2, 2), 'permit', 'warn'],
  [warns, levels(3, 2), 'warn', 'block'],
  [warns, levels(null, 2), 'missing', 'warn'],
  [listless, 'investor: { optedOut: false }', 'permit', 'non-personal'],
  [listless, 'investor: { optedOut: true }', 'non-personal', 'block'],
  [listless, 'investor: { optedOut: null }', 'missing', 'non-personal'],
  [old, 'product: { termMonths: 12 }, investor: { ageYears: 64 }', 'permit', 'block'],
  [old, 'product: { termMonths: 12 }, investor: { ageYears: 65 }', 'block', 'permit'],
  [old, 'investor: { ageYears: 65 }', 'permit', 'missing'],
  [old, 'product: { termMonths: 1 }', 'missing', 'permit'],
])('of %s the case %s is %s, and not %s', (rule, given, right, wrong) => {
  expect(faultsOf(rule, `${given}, expect: ${right}`)).toEqual([])
  const id = /id: ([A-Z]+)/.exec(rule)?.[1] ?? ''
  expect(faultsOf(rule, `${given}, expect: ${wrong}`)).toEqual([
    `${wrong} – ${id}, case 1: the case expects ${wrong}, and the rule says ${right}; correct the case or the expression`,
  ])
})

test.each([
  ['push', 'push'],
  ['both', 'push'],
  ['self-initiated', 'self-initiated'],
])('a case of a rule of scope %s is one of initiation %s, where it says nothing else', (scope, initiation) => {
  const rule = `id: ASKS; scope: ${scope}; blockUnless: context.initiation == "${initiation}"`
  expect(faultsOf(rule, 'expect: permit')).toEqual([])
  const other = initiation === 'push' ? 'self-initiated' : 'push'
  if (scope === 'both') expect(faultsOf(rule, `context: { initiation: ${other} }, expect: block`)).toEqual([])
})

test('cases are judged whatever the days of the rule', () => {
  const past = 'effectiveFrom: 1971-01-01; effectiveTo: 1972-01-01'
  expect(faultsOf(level, `${levels(3, 2)}, expect: block`, past)).toEqual([])
  expect(faultsOf(level, `${levels(3, 2)}, expect: permit`, past)).toHaveLength(1)
})

const goals = 'id: GOALS; scope: both; blockUnless: \'"income" in product.objectives && product.kind != "bond"\''
const negative = 'id: NEG; scope: both; blockUnless: "!(investor.riskLevel in product.negativeLevels)"'
test.each([
  [level, 'product: { riskLevel: 2, sri: 3 }', 'sri – LEVEL, case 1: the rule does not read product.sri; take it out'],
  [
    level,
    'investor: { sri: 3 }, product: { riskLevel: 1 }',
    'sri – LEVEL, case 1: the rule does not read investor.sri; take it out',
  ],
  [
    old,
    'investor: { termMonths: 3 }',
    'termMonths – OLD, case 1: the rule does not read investor.termMonths; take it out',
  ],
  [old, 'investor: { ageYears: old }', 'old – OLD, case 1: investor.ageYears is never "old"; want int'],
  [level, 'product: { riskLevel: true }', 'true – LEVEL, case 1: product.riskLevel is never true; want int'],
  [level, 'product: { riskLevel: [1] }', '[1] – LEVEL, case 1: product.riskLevel is never [1]; want int'],
  [listless, 'investor: { optedOut: 1 }', '1 – OPT, case 1: investor.optedOut is never 1; want bool'],
  [
    negative,
    'product: { negativeLevels: ["C1"] }',
    '["C1"] – NEG, case 1: product.negativeLevels is never ["C1"]; want list(int)',
  ],
  [negative, 'product: { negativeLevels: 1 }', '1 – NEG, case 1: product.negativeLevels is never 1; want list(int)'],
  [
    goals,
    'product: { objectives: [income, fun] }',
    '[income, fun] – GOALS, case 1: product.objectives is never "fun"; want liquidity, preservation, income, growth, aggressive-growth',
  ],
])('of %s a case with %s is told', (rule, given, said) => {
  const [first] = faultsOf(rule, `${given}, expect: permit`)
  expect(first).toBe(said)
})

test.each([
  [goals, 'product: { objectives: [income, growth], kind: equity }', 'permit'],
  [goals, 'product: { objectives: [], kind: equity }', 'block'],
  [goals, 'product: { objectives: null, kind: equity }', 'missing'],
  [negative, 'product: { negativeLevels: [1, 2] }, investor: { riskLevel: 2 }', 'block'],
  [negative, 'product: { negativeLevels: [] }, investor: { riskLevel: 2 }', 'permit'],
])('of %s the lists in %s are in order', (rule, given, expected) => {
  expect(faultsOf(rule, `${given}, expect: ${expected}`)).toEqual([])
})
