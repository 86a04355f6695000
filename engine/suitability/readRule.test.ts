import { bytesOf, type Change, changed, faultsOf, packInOrder } from '../../tests/faultyPacks.js'
import { readPack } from './readPack.js'

const faults = (...changes: readonly Change[]): readonly string[] => faultsOf(changed(packInOrder, changes), readPack)

const up = '    warnUnless: product.riskLevel <= investor.riskLevel\n    confirmations: [notice]\n'
const match = '    scope: push\n    blockUnless: product.riskLevel <= investor.riskLevel\n'
const status = '    blockUnless: >-\n      product.status in ["subscribing", "open"]\n'
const statusText = '    messages: { zh-CN: 不可购买。, en: It cannot be bought. }\n'
const unread = (input: string): string => `${input} is not read by the expression; take it out`

test.each<[string, Change, readonly string[]]>([
  [
    'neither expression',
    [up, '    confirmations: [notice]\n'],
    [
      'S-UP – S-UP: neither blockUnless nor warnUnless stands here; add one of them',
      expect.stringMatching(/^cases: – S-UP: no case expects block/) as string,
    ],
  ],
  [
    'both expressions',
    [up, `    blockUnless: product.sri < 5\n${up}`],
    ['warnUnless: – S-UP: blockUnless stands here too; take one of them out'],
  ],
  [
    'a warning in a recommendation',
    [`    scope: self-initiated\n${up}`, `    scope: both\n${up}`],
    ['both – S-UP: a recommendation cannot be confirmed away: warnUnless wants scope self-initiated'],
  ],
  [
    'an effect of a warning',
    [up, `${up}    effect: non-personal\n`],
    [
      'effect: – S-UP: a rule that warns has no effect; take it out',
      'effect: – S-UP: only a rule that reads no product may have this effect; take it out',
    ],
  ],
  [
    'a refusal of a warning',
    [up, `${up}    refusal: { missing: profile-stale }\n`],
    [
      'refusal: – S-UP: a rule that warns has no refusal; take it out',
      'refusal: – S-UP: only a rule that reads no product may have this refusal; take it out',
    ],
  ],
  [
    'a warning without steps',
    [up, up.replace('    confirmations: [notice]\n', '')],
    ['warnUnless: – S-UP: want the steps that he must confirm: add confirmations'],
  ],
  [
    'steps of a rule that blocks',
    [status, `    confirmations: [notice]\n${status}`],
    ['confirmations: – S-STATUS: a rule that blocks has no confirmations; take them out'],
  ],
  [
    'a step that is not there',
    ['[notice]', '[notice, insist]'],
    ['insist] – S-UP: insist is not among the confirmations of the pack; add it there or correct the name'],
  ],
  [
    'an end before the beginning',
    [statusText, `    effectiveTo: 2020-01-01\n${statusText}`],
    ['2020-01-01 – S-STATUS: must lie after effectiveFrom: it is the first day on which the rule no longer holds'],
  ],
  ['an end a day later', [statusText, `    effectiveTo: 2020-01-02\n${statusText}`], []],
  [
    'an exemption of what it does not read',
    [status, `    whenMissing: { product.sri: not-applicable, product.status: not-applicable }\n${status}`],
    ['product.sri: – S-STATUS: the expression does not read product.sri; take it out'],
  ],
  [
    'what only a purchase knows, in a recommendation',
    [
      match,
      match.replace('investor.riskLevel', 'investor.riskLevel && context.positionBps < 9 && context.amountMinor < 9'),
    ],
    [
      'push – S-MATCH: context.positionBps, context.amountMinor is known when a purchase is checked, and only then: want scope self-initiated',
    ],
  ],
  [
    'a refusal, and products read',
    [status, `    refusal: { blocked: no-assessment }\n${status}`],
    ['refusal: – S-STATUS: only a rule that reads no product may have this refusal; take it out'],
  ],
  [
    'an effect on the person, and products read',
    [status, `    effect: non-personal\n${status}`],
    [
      'effect: – S-STATUS: only a rule that reads no product may have this effect; take it out',
      expect.stringMatching(/^cases: – S-STATUS: no case expects non-personal/) as string,
    ],
  ],
  [
    'a message of what it does not read, in one language',
    [statusText, '    messages: { zh-CN: x, en: "{product.kind}" }\n'],
    [`{product.kind}" – S-STATUS: ${unread('{product.kind}')}`],
  ],
  [
    'a message of a text that is not there',
    [statusText, '    messages: { zh-CN: x, en: "{text.none}" }\n'],
    ['{text.none}" – S-STATUS: {text.none} is not among the texts of the pack; add it there or correct the name'],
  ],
  [
    'a remedy of what it does not read',
    [statusText, `${statusText}    remedy: { zh-CN: "{product.kind}", en: x }\n`],
    [`{product.kind}" – S-STATUS: ${unread('{product.kind}')}`],
  ],
  [
    'a step that shows twice what it does not read',
    ['en: I know it.', "en: '{product.kind} {product.kind} {product.riskLevel}'"],
    ['notice] – S-UP: the step notice shows {product.kind}, which this rule does not read; want another step'],
  ],
  [
    'a condition that does not parse, and a message of what it may read',
    [
      `${status}      && (product.complexity == "simple"\n          || investor.investorClass == "professional")\n`,
      '    appliesIf: fund.sri > 1\n    blockUnless: product.sri > 1\n    remedy: { zh-CN: x, en: "{product.kind}" }\n',
    ],
    [expect.stringMatching(/^fund\.sri – S-STATUS: unknown name fund\.sri/) as string],
  ],
  [
    'both expressions that do not parse',
    [match, match.replace('product.', 'fund.').replace('    block', '    appliesIf: fund.sri > 1\n    block')],
    [
      expect.stringMatching(/^fund\.sri – S-MATCH: unknown name fund\.sri/) as string,
      expect.stringMatching(/^fund\.riskLevel – S-MATCH: unknown name fund\.riskLevel/) as string,
    ],
  ],
])('a rule with %s', (_, change, said) => {
  expect(faults(change)).toEqual(said)
})

test('a message may show what either expression reads', () => {
  const condition: Change = [status, `    appliesIf: product.status != "closed"\n${status}`]
  const sri: Change = ['    appliesIf: product.status', '    appliesIf: product.sri > 1 && product.status']
  const shows: Change = [statusText, '    messages: { zh-CN: "{product.status}", en: "{product.sri}" }\n']
  expect(faults(condition, shows)).toContain(`{product.sri}" – S-STATUS: ${unread('{product.sri}')}`)
  expect(faults(condition, sri, shows).filter((fault) => fault.includes('not read'))).toEqual([])
})

test('texts stand in messages and remedies, each in its language', () => {
  const shown: Change = ['en: The assessment has expired.', "en: 'It has expired. {text.reassess}'"]
  const [rule] = readPack(bytesOf(changed(packInOrder, [shown]))).rules
  expect(rule?.messages).toEqual({ 'zh-CN': '测评已过期。', en: 'It has expired. Take the assessment again.' })
  expect(rule?.remedy).toEqual({ 'zh-CN': '请重新测评。', en: 'Take the assessment again.' })
})

test('a text that holds itself is told once, and no rule that shows it is read', () => {
  expect(faults(['en: Take the assessment again.', "en: '{text.level}'"])).toContainEqual(
    expect.stringContaining('the text holds itself: reassess → level → reassess'),
  )
})
