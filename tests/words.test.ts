import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { parse } from 'yaml'
import { type Messages } from '../engine/suitability/pack.js'
import { forbiddenIn } from '../engine/suitability/forbiddenWords.js'
import { readPack } from '../engine/suitability/readPack.js'

const { forbiddenWords } = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')

type Text = { readonly where: string; readonly messages: Messages }

const filesBelow = (folder: string, end: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path, end)
    return path.endsWith(end) && !path.endsWith('.test.ts') ? [path] : []
  })

/** Every object literal of a source that holds words in both languages. */
function textsOfSource(file: string): readonly Text[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Text[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const words = new Map(
        node.properties.flatMap((property) =>
          ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)
            ? [[property.name.getText().replace(/['"]/g, ''), property.initializer.text] as const]
            : [],
        ),
      )
      const [chinese, en] = [words.get('zh-CN'), words.get('en')]
      if (chinese !== undefined && en !== undefined)
        found.push({ where: `${file}: ${en}`, messages: { 'zh-CN': chinese, en } })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Every map of a YAML file that holds words in both languages; standards are told to the firm, not to an investor. */
function textsOfYaml(file: string): readonly Text[] {
  const walk = (value: unknown): readonly Text[] => {
    if (typeof value !== 'object' || value === null) return []
    const { 'zh-CN': chinese, en } = value as Partial<Messages>
    if (typeof chinese === 'string' && typeof en === 'string')
      return [{ where: `${file}: ${en}`, messages: { 'zh-CN': chinese, en } }]
    return Object.entries(value).flatMap(([key, part]) => (key === 'standards' ? [] : walk(part)))
  }
  return walk(parse(readFileSync(file, 'utf8')))
}

const wrong = (texts: readonly Text[]): readonly string[] =>
  texts.flatMap(({ where, messages }) => forbiddenIn(messages, forbiddenWords).map((word) => `${where} holds ${word}`))

test('no text of engine and serving holds a word that no text to an investor may hold', () => {
  const texts = [...filesBelow('engine', '.ts'), ...filesBelow('serving', '.ts')].flatMap(textsOfSource)
  expect(texts.length).toBeGreaterThan(60)
  expect(wrong(texts)).toEqual([])
})

test.each(['packs', 'questionnaires'])('nor does any text of %s', (folder) => {
  const texts = filesBelow(folder, '.yaml').flatMap(textsOfYaml)
  expect(texts.length).toBeGreaterThan(10)
  expect(wrong(texts)).toEqual([])
})

test('a text that holds one is found', () => {
  const messages = { 'zh-CN': '稳赚不赔', en: 'Hurry, it is risk-free' }
  expect(forbiddenIn(messages, forbiddenWords)).toEqual(['稳赚', 'risk-free', 'hurry'])
})
