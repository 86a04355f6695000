import { readFileSync } from 'node:fs'
import { PackError, readPack } from './readPack.js'

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
