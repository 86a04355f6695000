import { type Change, changed, faultsOf, packInOrder, ruleText } from '../../tests/faultyPacks.js'
import { readPack } from './readPack.js'

const status = ruleText('S-STATUS')
const faults = (...changes: readonly Change[]): readonly string[] => faultsOf(changed(packInOrder, changes), readPack)
/** The rule S-STATUS twice, each from one day until another; null is without an end. */
const twice = (first: readonly [string, string | null], second: readonly [string, string | null]): Change => {
  const [a, b] = [first, second].map(([from, to]) =>
    changed(status, [
      ['effectiveFrom: 2020-01-01', `effectiveFrom: ${from}${to === null ? '' : `\n    effectiveTo: ${to}`}`],
    ]),
  )
  return [status, `${a ?? ''}${b ?? ''}`]
}
const taken = (from: string): string =>
  `the id S-STATUS is already taken from ${from}; give this one another id, or dates that do not overlap`

test.each([
  [
    'without dates, told at the id',
    twice(['2020-01-01', null], ['2020-01-01', null]),
    [`S-STATUS – ${taken('2020-01-01 on, without an end')}`],
  ],
  [
    'of which the second begins too early',
    twice(['2020-01-01', '2027-01-01'], ['2026-12-31', null]),
    [`2026-12-31 – ${taken('2020-01-01 on, until before 2027-01-01')}`],
  ],
  [
    'of which the earlier, written last, ends too late',
    twice(['2026-01-01', null], ['2021-01-01', '2026-01-02']),
    [`2021-01-01 – ${taken('2026-01-01 on, without an end')}`],
  ],
  ['that follow each other', twice(['2020-01-01', '2027-01-01'], ['2027-01-01', null]), []],
  [
    'that follow each other, written the other way round',
    twice(['2027-01-01', null], ['2020-01-01', '2027-01-01']),
    [],
  ],
  ['with days between', twice(['2027-01-01', '2028-01-01'], ['2020-01-01', '2021-01-01']), []],
])('two rules of one id, %s', (_, change, said) => {
  expect(faults(change)).toEqual(said)
})

const wanting = (id: string, expect: string): string =>
  `${id}: no case expects ${expect}; add one to its cases that does`
const blocked =
  '      - { product: { status: closed, complexity: simple }, investor: { investorClass: ordinary }, expect: block }\n'
const unknown = '      - { product: { status: open, complexity: complex }, expect: missing }\n'
test.each<[string, Change, readonly string[]]>([
  [
    'that permits nothing',
    ['      - { product: { riskLevel: 2 }, investor: { riskLevel: 2 }, expect: permit }\n', ''],
    [`cases: – ${wanting('S-MATCH', 'permit')}`],
  ],
  ['that blocks nothing', [blocked, ''], [`cases: – ${wanting('S-STATUS', 'block')}`]],
  ['that blocks the unknown', [blocked, unknown], []],
  [
    'that warns of nothing, though it blocks the unknown',
    [
      '      - { product: { riskLevel: 3 }, investor: { riskLevel: 2 }, expect: warn }\n',
      '      - { expect: missing }\n',
    ],
    [`cases: – ${wanting('S-UP', 'warn')}`],
  ],
  [
    'without a case',
    [status, status.replace(/ {4}cases:\n[^]*/, '\n')],
    [`S-STATUS – ${wanting('S-STATUS', 'permit')}`, `S-STATUS – ${wanting('S-STATUS', 'block')}`],
  ],
])('a rule %s', (_, change, said) => {
  expect(faults(change)).toEqual(said)
})

test('a pack for experiments needs no cases', () => {
  const experimental: Change = ['retention:', 'mode: evaluation\nretention:']
  expect(faults(experimental, [blocked, ''])).toEqual([])
})

const terms = '  statusMonths: 12\n'
const again = 'source: own, confidence: own, messages: { zh-CN: x, en: x }'
test.each<[string, Change, readonly string[]]>([
  [
    'a time zone that is none',
    ['Asia/Shanghai', 'Mars/Olympus'],
    ['Mars/Olympus – "Mars/Olympus" is no IANA time zone; want such as Asia/Shanghai'],
  ],
  [
    'a rule to match again by that is not there',
    [terms, `${terms}rematch: { rules: [S-MATCH, S-GONE], source: own, confidence: own }\n`],
    ['S-GONE] – there is no rule S-GONE; add it or correct the id'],
  ],
  [
    'a standard by the id of a rule',
    [terms, `${terms}standards: [{ id: S-UP, effectiveFrom: 2020-01-01, keptBy: x, ${again} }]\n`],
    ['S-UP – S-UP is a rule already; give the standard another id'],
  ],
  [
    'a step that is there twice',
    ['rules:\n', `  - { id: notice, ${again} }\nrules:\n`],
    ['notice – notice is a confirmation already; give it another id'],
  ],
  ['a step that shows a text of the pack', ['en: I know it.', "en: '{text.reassess}'"], []],
  // What it would have covered is not known: the pack is not told that nothing does.
  [
    'an expression that does not parse',
    ['    blockUnless: product.riskLevel <= investor.riskLevel', '    blockUnless: product.risk <= investor.riskLevel'],
    [expect.stringMatching(/^product\.risk – S-MATCH: unknown name product\.risk/) as string],
  ],
])('%s', (_, change, said) => {
  expect(faults(change)).toEqual(said)
})

test('who has no assessment must be refused whoever he is', () => {
  expect(
    faults([
      "    blockUnless: '!investor.assess",
      "    appliesIf: '!investor.optedOut'\n    blockUnless: '!investor.assess",
    ]),
  ).toEqual([expect.stringMatching(/^rules: – no rule with a refusal holds on every day of the pack: .* add one/)])
})
