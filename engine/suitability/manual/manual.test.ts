import { readdirSync, readFileSync } from 'node:fs'
import { parseExpression } from '../expression.js'
import { readPack } from '../readPack.js'
import { expressionInWords } from './expressionInWords.js'
import { manualPages, withMadeParts } from './madeParts.js'
import { table } from './markdown.js'

const packs = readdirSync('packs')
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => readPack(readFileSync(`packs/${name}`), name))
const pages = manualPages({
  packs,
  firmExample: readFileSync('examples/firm-pack/firm.yaml', 'utf8'),
  rulesPage: readFileSync('docs/rules.md', 'utf8'),
})

test.each([...pages.keys()])('docs/%s is what the packs make of it: run "aptus rules docs --write docs"', (path) => {
  expect(readFileSync(`docs/${path}`, 'utf8')).toBe(pages.get(path))
})

test('each live pack has a page, with every rule, source, message and case, and there is no other page', () => {
  const live = packs.filter(({ mode }) => mode === 'live')
  expect(readdirSync('docs/rules').sort()).toEqual(live.map(({ id }) => `${id}.md`))
  for (const pack of live) {
    const page = pages.get(`rules/${pack.id}.md`) ?? ''
    for (const rule of pack.rules) {
      const from = page.indexOf(`### ${rule.id}\n`)
      const section = page.slice(from, page.indexOf('\n##', from + 1))
      for (const part of [rule.source, rule.messages.en, rule.messages['zh-CN'], rule.effectiveFrom])
        expect(section).toContain(part)
      const cases = section.split('Cases, held by both evaluators:\n\n')[1] ?? ''
      expect(cases.match(/^\|/gm) ?? []).toHaveLength(rule.cases.length + 2)
    }
    for (const step of pack.confirmations) expect(page).toContain(step.messages['zh-CN'])
    for (const standard of pack.standards) expect(page).toContain(standard.keptBy)
  }
})

test.each([
  ['product.riskLevel <= investor.riskLevel', '- the product’s *risk level* is at most the investor’s *risk level*'],
  ['!investor.optedOut', '- the investor’s *opted out*: no'],
  ['true', '- true'],
  ['!true', '- false'],
  ['product.status in ["open", "closed"]', '- the product’s *status* is one of “open”, “closed”'],
  ['"income" in product.objectives', '- “income” is among the product’s *objectives*'],
  [
    'investor.c1Minimum && (product.sri < 3 || product.sri != 7) && !(product.sri > 6)',
    `- all of these:
  - the investor’s *c 1 minimum*: yes
  - at least one of these:
    - the product’s *sri* is below 3
    - the product’s *sri* is not 7
  - not so:
    - the product’s *sri* is above 6`,
  ],
  [
    'product.crossBorder ? product.navDay >= 3 : product.navDay == 4',
    `- where this is so:
  - the product’s *cross border*: yes
  - then:
    - the product’s *nav day* is at least 3
  - otherwise:
    - the product’s *nav day* is 4`,
  ],
])('%s in words', (text, words) => {
  expect(expressionInWords(parseExpression(text))).toBe(words)
})

test('a bar or a line break in a cell does not break the table', () => {
  expect(table(['a'], [['b|c\nd']])).toBe('| a |\n| --- |\n| b\\|c d |')
})

test('what people wrote around a made part stays, and a page without its marks is refused', () => {
  const text = '# T\n<!-- made by "aptus rules docs": x -->\nold\n<!-- end of x -->\nrest\n'
  const made = withMadeParts(text, { x: 'new' })
  expect(made).toContain('\n\nnew\n\n<!-- end of x -->\nrest\n')
  expect(withMadeParts(made, { x: 'new' })).toBe(made)
  expect(() => withMadeParts('# T\n', { x: 'new' })).toThrow('want <!-- made by')
})
