import { readFileSync } from 'node:fs'
import {
  bytesOf,
  type Change,
  changed,
  faultsOf,
  firmInOrder as firm,
  packInOrder as live,
  ruleText,
} from '../../tests/faultyPacks.js'
import { extendPack, readPack } from './readPack.js'

const base = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const matchRule = ruleText('S-MATCH')
const versions = (until: string, from: string): string => {
  const first = matchRule.replace('    messages:', `    effectiveTo: ${until}\n    messages:`)
  return live.replace(matchRule, first + matchRule.replace('effectiveFrom: 2020-01-01', `effectiveFrom: ${from}`))
}

test('versions of the rule that matches may follow each other, without a day between them', () => {
  expect(faultsOf(versions('2027-01-01', '2027-01-01'), readPack)).toEqual([])
  expect(faultsOf(versions('2027-01-01', '2027-01-02'), readPack)).toEqual([
    expect.stringMatching(
      /^rules: – no rule compares a product’s riskLevel or sri with investor\.riskLevel on every day/,
    ),
  ])
})

test('a pack with an end: its rules must hold until then', () => {
  const ending = (packEnd: string, ruleEnd: string): string =>
    changed(live, [
      ['retention: {', `effectiveTo: ${packEnd}\nretention: {`],
      ['    messages: { zh-CN: 测评已过期。', `    effectiveTo: ${ruleEnd}\n    messages: { zh-CN: 测评已过期。`],
    ])
  expect(faultsOf(ending('2027-01-01', '2027-01-01'), readPack)).toEqual([])
  expect(faultsOf(ending('2027-01-01', '2026-12-31'), readPack)).toEqual([
    expect.stringMatching(/^rules: – no rule with a refusal holds on every day/),
  ])
  expect(faultsOf(ending('2020-01-01', '2027-01-01'), readPack)).toContainEqual(
    expect.stringMatching(/^2020-01-01 – must lie after effectiveFrom: .* the pack no longer holds/),
  )
})

const warnsOf = '    confirmations: [notice]\n'
test.each<[string, Change, RegExp]>([
  [
    'two conditions',
    ['    warnUnless:', '    blockUnless: product.sri < 5\n    warnUnless:'],
    /^warnUnless: – S-UP: .* take one/,
  ],
  [
    'no condition',
    ['    warnUnless: product.riskLevel <= investor.riskLevel\n', ''],
    /^S-UP – S-UP: neither .* add one/,
  ],
  ['a warning without steps', [warnsOf, ''], /^warnUnless: – S-UP: .* add confirmations/],
  [
    'a warning with an effect',
    [warnsOf, `${warnsOf}    effect: non-personal\n`],
    /^effect: – S-UP: .* no effect; take it out/,
  ],
  [
    'a warning with a refusal',
    [warnsOf, `${warnsOf}    refusal: { missing: profile-stale }\n`],
    /^refusal: – S-UP: .* no refusal/,
  ],
  [
    'steps of a rule that blocks',
    ['    blockUnless: >-', `${warnsOf}    blockUnless: >-`],
    /^confirmations: – S-STATUS: .* take them out/,
  ],
  [
    'a step of an input that its rule does not read',
    ['en: I know it.', "en: 'I know {product.kind}.'"],
    /^notice\] – S-UP: the step notice shows \{product\.kind\}/,
  ],
  [
    'a step of a text that is not there',
    ['en: I know it.', "en: 'I know {text.all}.'"],
    /^\{text\.all\}\.' – \{text\.all\} is not among the texts/,
  ],
  [
    'an exemption of an unread input',
    ['    blockUnless: >-', '    whenMissing: { product.sri: not-applicable }\n    blockUnless: >-'],
    /^product\.sri: – S-STATUS: the expression does not read/,
  ],
  [
    'a text that shows an unread input',
    ['en: Take the assessment again.', "en: 'Again, {product.id}'"],
    /^\{text\.reassess\}' – S-ASSESS: \{product\.id\} \(by way of \{text\.reassess\}\)/,
  ],
  [
    'a case of a value that never occurs',
    ['status: closed', 'status: shut'],
    /^shut – S-STATUS, case 2: product\.status is never "shut"; want subscribing, open/,
  ],
  [
    'a case of a wrong type',
    [
      'expect: permit }\n      - { product: { riskLevel: 3',
      "expect: permit }\n      - { product: { riskLevel: 'three'",
    ],
    /^'three' – S-MATCH, case 2: product\.riskLevel is never "three"; want int/,
  ],
])('%s', (_, change, said) => {
  const [first] = faultsOf(changed(live, [change]), readPack)
  expect(first).toMatch(said)
})

test.each<[string, readonly Change[], RegExp]>([
  ['a standard’s id', [['id: FIRM-COMPLEX', 'id: CN-PERF']], /^CN-PERF – CN-PERF is a rule of cn-2026/],
  [
    'a text of the pack',
    [['terms:', 'texts: { level: { zh-CN: x, en: x } }\nterms:']],
    /^level: – level is a text of cn-2026; give it another name/,
  ],
  [
    'a step of the pack',
    [
      [
        'terms:',
        'confirmations: [{ id: insist, source: own, confidence: own, messages: { zh-CN: x, en: x } }]\nterms:',
      ],
    ],
    /^insist – insist is a confirmation of cn-2026; give it another id/,
  ],
  [
    'a shorter time in which buying back counts',
    [['ratingMonths: 6', 'churnDays: 30']],
    /^30 – churnDays of 30 is looser than the 180 of cn-2026; want 180 or more/,
  ],
  [
    'a word that the pack forbids',
    [['en: Complex products are not recommended.', 'en: Only risk-free ones.']],
    /^risk-free – the words "risk-free"/,
  ],
  [
    'such a word half in a text',
    [
      ['extends: cn-2026', 'extends: cn-2026\ntexts: { half: { zh-CN: 甲, en: free } }'],
      ['en: Complex products are not recommended.', "en: 'Only risk-{text.half} ones.'"],
    ],
    /the words "risk-free"/,
  ],
  [
    'another pack',
    [['extends: cn-2026', 'extends: eu-mifid2']],
    /^eu-mifid2 – these are rules over eu-mifid2, and cn-2026 was given/,
  ],
])('a firm may not have %s', (_, changes, said) => {
  const faults = faultsOf(changed(firm, changes), (of) => extendPack(base, of, 'firm.yaml'))
  expect(faults).toContainEqual(expect.stringMatching(said))
})

test('a firm may lengthen the time in which buying back counts, and shorten any other term', () => {
  const stricter = changed(firm, [['ratingMonths: 6', 'churnDays: 360, ratingMonths: 12']])
  expect(extendPack(base, bytesOf(stricter), 'firm.yaml').terms).toMatchObject({ churnDays: 360, ratingMonths: 12 })
})
