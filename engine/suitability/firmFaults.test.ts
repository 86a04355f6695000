import { readFileSync } from 'node:fs'
import { type Change, changed, faultsOf, firmInOrder, packInOrder, bytesOf } from '../../tests/faultyPacks.js'
import { type Pack } from './pack.js'
import { extendPack, readPack } from './readPack.js'

const cn = readPack(readFileSync('packs/cn-2026.yaml'))
const faults = (base: Pack, ...changes: readonly Change[]): readonly string[] =>
  faultsOf(changed(firmInOrder, changes), (of) => extendPack(base, of))

const step = 'id: think, source: own, confidence: own'
test.each<[string, readonly Change[], readonly string[]]>([
  ['nothing else', [], []],
  [
    'the id of a rule of the pack',
    [['id: FIRM-COMPLEX', 'id: CN-MATCH']],
    ['CN-MATCH – CN-MATCH is a rule of cn-2026; a firm adds rules and replaces none: give it another id'],
  ],
  [
    'a rule without a case of what it blocks',
    [['      - { product: { complexity: complex }, expect: block }\n', '']],
    ['cases: – FIRM-COMPLEX: no case expects block; add one to its cases that does'],
  ],
  [
    'a longer term',
    [['ratingMonths: 6', 'ratingMonths: 13']],
    ['13 – ratingMonths of 13 is looser than the 12 of cn-2026; want 12 or less, or take it out'],
  ],
  [
    'the id of a rule of the pack, and a case that is wrong, which is told when the rest is in order',
    [
      ['id: FIRM-COMPLEX', 'id: CN-MATCH'],
      ['simple }, expect: permit', 'complex }, expect: permit'],
    ],
    ['CN-MATCH – CN-MATCH is a rule of cn-2026; a firm adds rules and replaces none: give it another id'],
  ],
  ['the same term', [['ratingMonths: 6', 'ratingMonths: 12, churnDays: 180']], []],
  ['texts of its own', [['terms:', 'texts: { own-words: { zh-CN: x, en: x } }\nterms:']], []],
  [
    'a step that shows a text of its own and one of the pack',
    [
      ['terms:', `texts: { own-words: { zh-CN: x, en: x } }\nterms:`],
      ['rules:', `confirmations: [{ ${step}, messages: { zh-CN: '{text.level}', en: '{text.own-words}' } }]\nrules:`],
    ],
    [],
  ],
  [
    'records kept for fewer years',
    [['terms:', 'retention: { years: 19, source: own, confidence: own }\nterms:']],
    ['19 – 19 years are fewer than the 20 of cn-2026; want as many or more, or take retention out'],
  ],
  ['records kept as long', [['terms:', 'retention: { years: 20, source: own, confidence: own }\nterms:']], []],
])('a firm’s rules with %s', (_, changes, said) => {
  expect(faults(cn, ...changes)).toEqual(said)
})

test('a firm’s rule may not take the person out', () => {
  const effect: Change = ['    source: own', '    effect: non-personal\n    source: own']
  expect(faults(cn, effect)).toContain(
    "non-personal – FIRM-COMPLEX: a firm's rule blocks or warns; take the effect out",
  )
})

const ofScope = (scope: string): Change => ['scope: push', `scope: ${scope}`]
const opens = (scope: string): string =>
  `${scope} – FIRM-COMPLEX: small has no rule of scope self-initiated that blocks on every day, so it stops all of that, and this one would open it; want another scope`
const overSmall: Change = ['extends: cn-2026', 'extends: small']
/** The pack without rules of scope both: of those an investor asks for himself, it warns alone. */
const warnsOnly = readPack(bytesOf(packInOrder.replaceAll('scope: both', 'scope: push')))
test.each([
  ['self-initiated', [opens('self-initiated')]],
  ['both', [opens('both')]],
  ['push', []],
])('a rule of scope %s over a pack that warns and blocks nothing of what an investor asks for', (scope, said) => {
  expect(faults(warnsOnly, overSmall, ofScope(scope))).toEqual(said)
})

test('a warning opens nothing: what stops all of it stays', () => {
  const warning: readonly Change[] = [
    ['blockUnless', 'warnUnless'],
    ['    source: own', '    confirmations: [notice]\n    source: own'],
    ['expect: block', 'expect: warn'],
  ]
  expect(faults(warnsOnly, overSmall, ofScope('self-initiated'), ...warning)).toEqual([])
})

test('a rule that blocks for both blocks what an investor asks for', () => {
  const blocksBoth = readPack(bytesOf(packInOrder))
  expect(faults(blocksBoth, overSmall, ofScope('self-initiated'))).toEqual([])
})

test('over a pack for experiments, which permits what no rule blocks, cases and other rules are not asked for', () => {
  const experimental = readPack(readFileSync('packs/eval-open.yaml'))
  const noCase: Change = ['      - { product: { complexity: complex }, expect: block }\n', '']
  expect(faults(experimental, ['extends: cn-2026', 'extends: eval-open'], noCase)).toEqual([])
})
