import { readFileSync } from 'node:fs'
import { extendPack, PackError, readPack } from './readPack.js'
import { coverTogether } from './riskCovered.js'

const live = readFileSync('packs/cn-2026.yaml', 'utf8')
const bytes = (text: string) => new TextEncoder().encode(text)
const faults = (read: () => unknown): string => {
  try {
    read()
    return 'none'
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    return error.message
  }
}
/** The pack with another text in the place of one that it has. */
const changed = (from: string, to: string, text = live): string => {
  if (!text.includes(from)) throw new Error(`cn-2026 has no ${from}`)
  return text.replace(from, to)
}

const match = '    scope: push\n    blockUnless: product.riskLevel <= investor.riskLevel\n'
const missing = '      - { investor: { riskLevel: 5 }, expect: missing }\n'
const always = changed(match, match.replace('investor.riskLevel\n', 'investor.riskLevel || true\n'))
  .split('\n')
  .filter((line) => !/product: \{ riskLevel: \d \}, investor: \{ riskLevel: \d \}, expect: block/.test(line))
  .join('\n')
const unrated = changed(missing, '', changed(match, `${match}    whenMissing: { product.riskLevel: not-applicable }\n`))

test.each([
  // Whom the manager excludes is compared with the level too, and says nothing of an R5 for a C1.
  ['asks only who is excluded', changed(match, match.replace('push', 'self-initiated'))],
  ['is always true', always],
  ['lets through what is not rated', unrated],
])('a live pack whose only rule of risk %s is refused', (_, text) => {
  expect(faults(() => readPack(bytes(text)))).toMatch(/let anything be recommended to anyone/)
})

const firm = (scope: string) =>
  bytes(`id: firm
extends: cn-2026
version: 1
title: { zh-CN: x, en: x }
rules:
  - id: FIRM-1
    scope: ${scope}
    blockUnless: product.riskLevel <= 5
    source: s
    confidence: own
    effectiveFrom: 2020-01-01
    messages: { zh-CN: x, en: x }
    cases:
      - { product: { riskLevel: 5 }, expect: permit }
      - { product: { riskLevel: 6 }, expect: block }
`)

test('a firm’s rule does not open what the pack has no rule for', () => {
  const base = readPack(bytes(live))
  expect(faults(() => extendPack(base, firm('both')))).toBe('none')
  const pushOnly = { ...base, rules: base.rules.filter(({ scope }) => scope === 'push') }
  expect(faults(() => extendPack(pushOnly, firm('push')))).toBe('none')
  for (const scope of ['self-initiated', 'both'])
    expect(faults(() => extendPack(pushOnly, firm(scope)))).toMatch(/no rule of scope self-initiated .*; want another/)
})

/** From the first day of one year to that of another, such as `2020-2030`; `2020-` has no end. */
function dated(text: string) {
  const [from = '', to = ''] = text.split('-')
  return { effectiveFrom: `${from}-01-01`, effectiveTo: to === '' ? null : `${to}-01-01` }
}
test.each([
  ['one without an end', '2020-', '2020-', true],
  ['none', '', '2020-', false],
  ['one that begins later', '2021-', '2020-', false],
  ['one that ends, of a pack without an end', '2020-2030', '2020-', false],
  ['one that ends with the pack', '2020-2030', '2020-2030', true],
  ['one that ends before the pack', '2020-2029', '2020-2030', false],
  ['two that follow each other, in any order', '2025- 2020-2025', '2020-', true],
  ['two with days between', '2020-2024 2025-', '2020-', false],
  ['one within another that lasts until the next', '2020-2027 2021-2022 2026-', '2020-', true],
  ['two that begin together', '2020-2021 2020-2030', '2020-2030', true],
])('on every day of a pack, %s', (_, rules, pack, expected) => {
  expect(coverTogether(rules.split(' ').filter(Boolean).map(dated), dated(pack))).toBe(expected)
})
