import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { PackError, readPack } from '../../engine/suitability/readPack.js'
import { readAnyPack } from '../../engine/suitability/readAnyPack.js'
import { aptus, expectSentence, isBuilt } from './aptus.js'

const folder = 'tests/malformedPacks'
const suite = isBuilt('tests/system/malformedPacks.test.ts') ? describe : describe.skip

/** File, the place of its one fault, what stands there, and what is said and advised. */
const malformed: readonly (readonly [file: string, line: number, column: number, stands: string, said: RegExp])[] = [
  [
    '01-unknown-name',
    40,
    39,
    'investor.tolerance',
    /unknown name investor\.tolerance; docs\/rules\.md lists the names/,
  ],
  ['02-wrong-type', 56, 30, '== 1', /string == int: want two values of one scalar type/],
  ['03-loop', 40, 80, 'exists(o,', /loops are not part of the subset; name what is meant/],
  ['04-overlapping-dates', 58, 20, '2026-12-31', /S-MATCH is already taken .* until before 2027-01-01; give this one/],
  ['05-missing-case', 48, 5, 'cases:', /no case expects block; add one/],
  ['06-unfulfilled-case', 76, 74, 'warn }', /case 2: the case expects warn, and the rule says permit; correct/],
  ['07-cyclic-text', 17, 49, '{text.level}', /holds itself: reassess → level → reassess; take one/],
  ['08-unknown-text', 47, 59, '{text.others}', /\{text\.others\} is not among the texts of the pack; add it/],
  ['09-unknown-confirmation', 69, 29, 'insist]', /insist is not among the confirmations of the pack; add it/],
  ['10-warning-in-push', 67, 12, 'push', /cannot be confirmed away: warnUnless wants scope self-initiated/],
  [
    '11-purchase-input-in-push',
    39,
    12,
    'push',
    /context\.amountMinor is known when a purchase is checked.* want scope/,
  ],
  ['12-duplicated-key', 43, 5, 'confidence: own', /confidence stands here twice; take one of them out/],
  ['13-bad-date', 43, 20, '2020-02-30', /got "2020-02-30", want a day such as/],
  ['14-unknown-time-zone', 5, 11, 'Asia/Shangai', /no IANA time zone; want such as Asia\/Shanghai/],
  ['15-forbidden-word', 23, 53, 'Risk free', /"risk-free" must not stand in a text to an investor; write it without/],
  ['16-firm-replaces-a-rule', 7, 9, 'CN-MATCH', /CN-MATCH is a rule of cn-2026; .* give it another id/],
  ['17-firm-lengthens-a-term', 5, 24, '24 }', /ratingMonths of 24 is looser than the 12 of cn-2026; want 12 or less/],
  ['18-misspelt-field', 54, 5, 'whenMising:', /whenMising: there is no such field; take it out or correct its name/],
  [
    '19-message-of-an-unread-input',
    46,
    58,
    '{investor.level}',
    /\{investor\.level\} is not read by the expression; take/,
  ],
  [
    '20-everything-permitted',
    24,
    1,
    'rules:',
    /no rule compares a product’s riskLevel or sri with investor\.riskLevel .* add one/,
  ],
  ['21-half-an-expression', 57, 11, '|| investor', /syntax: \|\| cannot stand here; complete what is before it/],
  ['22-value-that-never-occurs', 57, 37, '== "expert"', /never "expert"; it is one of ordinary, professional/],
  ['23-case-of-an-unread-input', 36, 48, 'ageYears', /case 2: the rule does not read investor\.ageYears; take it out/],
  [
    '24-refusal-of-a-rule-about-products',
    58,
    5,
    'refusal:',
    /only a rule that reads no product may have this refusal; take/,
  ],
  ['25-firm-over-an-unknown-pack', 4, 10, 'cn-2025', /there is no pack cn-2025 in packs\/; name one that is/],
  ['26-firm-shortens-retention', 5, 21, '19,', /19 years are fewer than the 20 of cn-2026; want as many or more/],
]

const shipped = (id: string) =>
  existsSync(`packs/${id}.yaml`) ? readPack(readFileSync(`packs/${id}.yaml`), `${id}.yaml`) : null
const read = (file: string) => readAnyPack(readFileSync(`${folder}/${file}.yaml`), shipped, `${file}.yaml`)

function faultsOf(file: string): PackError['faults'] {
  try {
    read(file)
    return []
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    return error.faults
  }
}

test('every malformed pack of the folder is in the table, and what they are made of is in order', () => {
  const inOrder = ['00-firm-in-order', '00-in-order']
  const files = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''))
  expect(files.sort()).toEqual([...inOrder, ...malformed.map(([file]) => file)])
  expect(inOrder.map((file) => read(file).rules.length > 0)).toEqual([true, true])
})

test.each(malformed)('%s is told once, at line %i and column %i: %s', (file, line, column, stands, said) => {
  const faults = faultsOf(file)
  expect(faults).toEqual([{ line, column, message: expect.stringMatching(said) as string }])
  const source = readFileSync(`${folder}/${file}.yaml`, 'utf8').split('\n')
  expect(source[line - 1]?.slice(column - 1)).toMatch(new RegExp(`^${stands.replace(/[^\w ]/g, '\\$&')}`))
})

suite('aptus rules check', () => {
  test.each(malformed)(
    '%s',
    async (file, line, column, _, said) => {
      const ended = await aptus(['rules', 'check', `${folder}/${file}.yaml`])
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(ended.stderr).toMatch(new RegExp(`^aptus: ${file}\\.yaml line ${line}, column ${column}: `))
      expect(ended.stderr).toMatch(said)
      expectSentence(ended, folder)
    },
    60_000,
  )

  test('a firm’s rules are read over their pack, and told with it', async () => {
    const { code, stdout } = await aptus(['rules', 'check', `${folder}/00-firm-in-order.yaml`])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^cn-2026\+firm version 1, sha256:[0-9a-f]{64}: \d+ rules, \d+ cases, no fault\n/)
    expect(stdout).toMatch(/^ {2}FIRM-COMPLEX \(push, block\)/m)
    expect(stdout).toMatch(/uncertain, confirm before use: .*CN-ASSESS \(summary\).*standard CN-PERF \(summary\)/)
  }, 60_000)

  test('what is no pack is told so in plain words', async () => {
    const { code, stderr } = await aptus(['rules', 'check', 'tsconfig.json'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^aptus: tsconfig\.json line 1, column 1: this is no rule pack; want YAML with id, version/)
  }, 60_000)

  test('diff tells a firm’s rules and terms as what differs', async () => {
    const { code, stdout } = await aptus(['rules', 'diff', 'packs/cn-2026.yaml', `${folder}/00-firm-in-order.yaml`])
    expect(code).toBe(0)
    expect(stdout).toContain('  term ratingMonths: 12 → 6\n')
    expect(stdout).toContain('  rule FIRM-COMPLEX added\n')
  }, 60_000)
})
