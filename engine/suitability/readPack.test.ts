import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { bytesOf, type Change, changed, faultsOf, firmInOrder } from '../../tests/faultyPacks.js'
import { compositionOf } from './composition.js'
import { extendPack, PackError, readPack } from './readPack.js'

const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []\n', '')
const live = readFileSync('packs/cn-2026.yaml', 'utf8')
const rule = (blockUnless: string, more = '') =>
  `${open}rules:
  - id: X-1
    scope: push
    blockUnless: '${blockUnless}'
    source: s
    confidence: own
    effectiveFrom: 2020-01-01
    messages: { zh-CN: x, en: x }
${more}`
const faults = (text: string): string => {
  try {
    readPack(new TextEncoder().encode(text), 'p.yaml')
    return 'none'
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    return error.message
  }
}

test.each(['cn-2026', 'eu-mifid2', 'us-finra', 'eval-band', 'eval-open'])('%s reads without a fault', (name) => {
  expect(readPack(readFileSync(`packs/${name}.yaml`)).id).toBe(name)
})

test.each([
  ['no YAML', 'id: [', /p\.yaml line \d+, column \d+: /],
  ['an unknown field', `${open}rules: []\ncolour: red\n`, /line 12, column 1: colour: there is no such field/],
  ['a syntax error', rule('product.riskLevel <='), /p\.yaml line 14, column 39: X-1: syntax: the expression ends here/],
  ['an unknown name', rule('product.risk <= investor.riskLevel'), /unknown name product\.risk; docs\/rules\.md/],
  ['an unknown entity', rule('fund.riskLevel <= 3'), /unknown name fund\.riskLevel/],
  ['a wrong type', rule('product.riskLevel <= "R3"'), /int <= string: want two values of one scalar type/],
  ['an order of texts', rule('product.kind < "bond"'), /only whole numbers have an order/],
  ['a value that never occurs', rule('product.status == "opened"'), /product\.status is never "opened"; it is one of/],
  ['a fraction', rule('product.riskLevel < 2.5'), /want a whole number/],
  ['a function', rule('size(product.objectives) > 0'), /not part of the subset/],
  [
    'a loop',
    rule('product.objectives.exists(o, o == "income")'),
    /line 14, column 38: X-1: loops are not part of the subset/,
  ],
  ['arithmetic', rule('product.lockupMonths + 1 < investor.horizonMonths'), /_\+_ is not part of the subset/],
  ['no truth value', rule('product.riskLevel'), /want a truth value, got int/],
  ['an id twice', rule('true', rule('true').slice(rule('true').indexOf('  - id'))), /already taken/],
  [
    'a message of an input that is not read',
    rule('product.riskLevel < 3').replace('en: x', "en: '{product.kind}'"),
    /\{product\.kind\} is not read/,
  ],
  [
    'an exemption of an input that is not read',
    rule('product.riskLevel < 3', '    whenMissing: { product.sri: not-applicable }\n'),
    /does not read product\.sri/,
  ],
  [
    'a refusal about a product',
    rule('product.riskLevel < 3', '    refusal: { blocked: no-assessment }\n'),
    /reads no product/,
  ],
  [
    'a condition that does not parse',
    rule('true', '    appliesIf: product.risk > 3\n'),
    /X-1: .*unknown name product\.risk/,
  ],
  ['a rule that ends before it begins', rule('true', '    effectiveTo: 2019-01-01\n'), /must lie after effectiveFrom/],
  ['an unknown time zone', `${open.replace('Etc/UTC', 'Mars/Olympus')}rules: []\n`, /Mars\/Olympus/],
  [
    'a live pack that permits everything',
    `${open.replace('mode: evaluation', 'mode: live')}rules: []\n`,
    /anything be recommended to anyone/,
  ],
  [
    'a live pack whose rules begin later',
    live.replaceAll('    effectiveFrom: 20', '    effectiveFrom: 21'),
    /compares a product’s riskLevel or sri with investor\.riskLevel on every day/,
  ],
])('%s is told with line, column and what to do', (_, text, message) => expect(faults(text)).toMatch(message))

const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const base = readPack(bytesOf(live))

test('a pack stands under the digest of its bytes, and knows its holidays', () => {
  expect([base.digest, base.extended]).toEqual([digestOf(live), null])
  expect([base.holidayDays.has('2024-02-09'), base.holidayDays.has('2024-02-08')]).toEqual([true, false])
})

test('a firm’s pack is the one that it extends, with what the firm added', () => {
  const text = changed(firmInOrder, [
    [
      'terms:',
      `texts: { own: { zh-CN: x, en: y } }
confirmations: [{ id: think, source: s, confidence: own, messages: { zh-CN: '{text.own}', en: '{text.level}' } }]
terms:`,
    ],
  ])
  const { rules, ...pack } = extendPack(base, bytesOf(text))
  const extended = { base: base.digest, firm: digestOf(text) }
  const { rules: ofBase, ...fields } = base
  expect(pack).toEqual({
    ...fields,
    id: 'cn-2026+firm',
    version: 1,
    title: { 'zh-CN': '公司规则', en: 'Rules of a firm' },
    texts: { ...base.texts, own: { 'zh-CN': 'x', en: 'y' } },
    confirmations: [...base.confirmations, expect.objectContaining({ id: 'think', waitSeconds: 0 })],
    terms: { ...base.terms, ratingMonths: 6 },
    extended,
    digest: digestOf(compositionOf(extended as NonNullable<typeof base.extended>)),
  })
  expect(rules.slice(0, -1)).toEqual(ofBase)
  expect(rules.at(-1)?.id).toBe('FIRM-COMPLEX')
})

test.each<[string, Change, string]>([
  [
    'a case that its rule does not fulfil',
    ['complex }, expect: block', 'simple }, expect: block'],
    'block – FIRM-COMPLEX, case 2: the case expects block, and the rule says permit; correct the case or the expression',
  ],
  [
    'a text that holds itself',
    ['terms:', "texts: { own: { zh-CN: x, en: 'y {text.own}' } }\nterms:"],
    "{text.own}' – the text holds itself: own → own; take one of them out",
  ],
  [
    'another kind of file',
    [firmInOrder, 'a,b\n1,2\n'],
    'a – this is no rule pack; want YAML with id, version, title, rules and the other fields that docs/rules.md tells, such as packs/cn-2026.yaml',
  ],
])('of a firm’s pack %s is told at its place, and nothing else', (_, change, said) => {
  expect(faultsOf(changed(firmInOrder, [change]), (of) => extendPack(base, of))).toEqual([said])
})

test('bytes without a name are told of as a pack or a firm’s pack', () => {
  expect(() => readPack(bytesOf('a'))).toThrow(/^pack line 1, column 1: /)
  expect(() => extendPack(base, bytesOf('a'))).toThrow(/^firm pack line 1, column 1: /)
})

test('the same bytes need no second reading until others came; what is at fault is told every time', () => {
  const first = readPack(bytesOf(live))
  expect(readPack(bytesOf(live))).toBe(first)
  const others = Array.from({ length: 8 }, (_, n) => readPack(bytesOf(`${open}rules: []\n# ${n}\n`)).digest)
  expect(new Set(others).size).toBe(8)
  const again = readPack(bytesOf(live))
  expect(again).not.toBe(first)
  expect(again).toEqual(first)
  const told = faults(rule('product.riskLevel'))
  expect(told).toMatch(/^p.yaml line/)
  expect(faults(rule('product.riskLevel'))).toBe(told)
})
