import { readFileSync } from 'node:fs'
import { diffOf, isSame } from './packDiff.js'
import { readAnyPack } from './readAnyPack.js'
import { readPack } from './readPack.js'

const text = readFileSync('packs/cn-2026.yaml', 'utf8')
const read = (yaml: string) => readPack(new TextEncoder().encode(yaml), 'p.yaml')
const replaced = (from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`the pack does not hold ${String(from)}`)
  return changed
}
const before = read(text)
const none = { added: [], removed: [], changed: [] }
const ruleText = (id: string): string => new RegExp(`  - id: ${id}\\n(?:(?!  - id: ).*\\n)*`).exec(text)?.[0] ?? ''

test('a pack and itself, with a comment more: nothing differs', () => {
  const diff = diffOf(before, read(`# a word\n${text}`))
  expect(isSame(diff)).toBe(true)
  expect(diff).toEqual({ fields: [], terms: [], rules: none, confirmations: none, standards: none })
})

test.each([
  ['a term', replaced('ratingMonths: 12', 'ratingMonths: 6'), { terms: [{ field: 'ratingMonths', from: 12, to: 6 }] }],
  ['a field', replaced('version: 2', 'version: 7'), { fields: [{ field: 'version', from: 2, to: 7 }] }],
  [
    'an expression and its case',
    replaced('status in ["subscribing", "open", "purchase-limited"]', 'status in ["open", "purchase-limited"]'),
    {
      rules: {
        ...none,
        changed: [
          {
            id: 'CN-LIFE',
            fields: [
              {
                field: 'blockUnless',
                from: 'product.status in ["subscribing", "open", "purchase-limited"]',
                to: 'product.status in ["open", "purchase-limited"]',
              },
            ],
          },
        ],
      },
    },
  ],
  ['a rule less', text.replace(ruleText('CN-TERM'), ''), { rules: { ...none, removed: ['CN-TERM'] } }],
  [
    'a rule more',
    text.replace(ruleText('CN-TERM'), `${ruleText('CN-TERM')}${ruleText('CN-TERM').replace('CN-TERM', 'CN-TERM-2')}`),
    { rules: { ...none, added: ['CN-TERM-2'] } },
  ],
  [
    'a later version of a rule',
    text.replace(
      ruleText('CN-TERM'),
      `${ruleText('CN-TERM').replace('    messages:', '    effectiveTo: 2027-01-01\n    messages:')}${ruleText('CN-TERM').replace('2017-07-01', '2027-01-01')}`,
    ),
    {
      rules: {
        added: ['CN-TERM from 2027-01-01'],
        removed: [],
        changed: [{ id: 'CN-TERM from 2017-07-01', fields: [{ field: 'effectiveTo', from: null, to: '2027-01-01' }] }],
      },
    },
  ],
  [
    'a step',
    replaced('waitSeconds: 300', 'waitSeconds: 600'),
    {
      confirmations: {
        ...none,
        changed: [{ id: 'time-to-think', fields: [{ field: 'waitSeconds', from: 300, to: 600 }] }],
      },
    },
  ],
])('%s', (_, changed, expected) => {
  const diff = diffOf(before, read(changed))
  expect(isSame(diff)).toBe(false)
  expect(diff).toEqual({
    fields: [],
    terms: [],
    rules: none,
    confirmations: none,
    standards: none,
    ...expected,
  })
})

test('a firm’s rules over a pack are told as rules that were added and terms that were shortened', () => {
  const firm = `id: f\nversion: 1\ntitle: { zh-CN: x, en: x }\nextends: cn-2026\nterms: { ratingMonths: 6 }\nrules:\n${ruleText('CN-TERM').replaceAll('CN-TERM', 'F-TERM')}`
  const after = readAnyPack(new TextEncoder().encode(firm), (id) => (id === 'cn-2026' ? before : null), 'f.yaml')
  const diff = diffOf(before, after)
  expect(diff.rules).toEqual({ ...none, added: ['F-TERM'] })
  expect(diff.terms).toEqual([{ field: 'ratingMonths', from: 12, to: 6 }])
  expect(diff.fields.map(({ field }) => field)).toEqual(['id', 'version', 'title.zh-CN', 'title.en'])
  expect(() => readAnyPack(new TextEncoder().encode(firm), () => null, 'f.yaml')).toThrow(
    'f.yaml line 4, column 10: there is no pack cn-2026 in packs/; name one that is',
  )
})
