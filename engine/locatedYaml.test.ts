import { z } from 'zod'
import { LocatedError, readYaml } from './locatedYaml.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const anything = z.record(z.string(), z.unknown())
const standsAt = (source: string, { line, column }: { line: number; column: number }): string =>
  source.split('\n')[line - 1]?.slice(column - 1) ?? ''

/** The text is `a && b.c` however it is written; at offset 5 stands `b.c`. */
test.each([
  ['plain', 'first: 1\nof: a && b.c\n'],
  ['plain over lines', 'of:\n  a\n  && b.c\n'],
  ['single quotes', "of: 'a && b.c'\n"],
  ['double quotes', 'of: "a && b.c"\n'],
  ['folded', 'of: >-\n  a\n  && b.c\n'],
  ['folded, with a comment behind the sign and a depth', 'of: >2-  # why\n   a\n\n\n   && b.c\n'],
  ['literal', 'of: |\n    a &&\n    b.c\n'],
  ['within a list, in flow', 'of: { x: 1, y: [ 3, 4 ] }\nlist: [x, "a && b.c"]\n'],
])('a place within a text: %s', (_, source) => {
  const { value, where } = readYaml(bytes(source), anything, 'f.yaml')
  const [path, text] =
    value['list'] === undefined ? [['of'], value['of']] : [['list', 1], (value['list'] as string[])[1]]
  const offset = String(text).indexOf('b.c')
  expect(standsAt(source, where(path, { offset }))).toMatch(/^b\.c/)
})

test.each([
  ["of: 'it''s ''so'' here'\n", 'here'],
  ['of: "say \\"so\\" here"\n', 'here'],
])('quotes within quotes: %s', (source, word) => {
  const { value, where } = readYaml(bytes(source), anything, 'f.yaml')
  expect(standsAt(source, where(['of'], { offset: String(value['of']).indexOf(word) }))).toMatch(/^here/)
})

test('the end of a text, a key, an ancestor, and a text with escapes', () => {
  const source = 'of: >-\n  a &&\nmap: { key: v }\nodd: "\\ta b"\n'
  const { where } = readYaml(bytes(source), anything, 'f.yaml')
  expect(where(['of'], { offset: 4 })).toEqual({ line: 2, column: 7 })
  expect(where(['map', 'key'], { at: 'key' })).toEqual({ line: 3, column: 8 })
  expect(where(['map', 'absent'])).toEqual({ line: 3, column: 6 })
  expect(where(['odd'], { offset: 3 })).toEqual({ line: 4, column: 6 })
})

const Shape = z.strictObject({
  name: z.string().regex(/^[a-z]+$/, 'want small letters'),
  size: z.int().min(1),
  kind: z.enum(['big', 'small']).optional(),
  words: z.record(z.string().regex(/^w\d$/, 'want w1 to w9'), z.string()).optional(),
})
const kind = { fields: ['name'], otherwise: 'this is no shape' }
const faultsOf = (content: string | Uint8Array): string => {
  try {
    readYaml(typeof content === 'string' ? bytes(content) : content, Shape, 'f.yaml', kind)
    return 'none'
  } catch (error) {
    if (!(error instanceof LocatedError)) throw error
    return error.message
  }
}

test.each([
  ['name: a\n', 'line 1, column 1: size: is missing; add it'],
  ['name: a\nsize: 1.5\n', 'line 2, column 7: size: got 1.5, want a whole number'],
  ['name: a\nsize: two\n', 'line 2, column 7: size: got "two", want a number'],
  ['name: a\nsize: 0\n', 'line 2, column 7: size: got 0, want at least 1'],
  ['name: A\nsize: 1\n', 'line 1, column 7: name: got "A", want small letters'],
  ['name: a\nsize: 1\nkind: huge\n', 'line 3, column 7: kind: got "huge", want one of big, small'],
  ['name: a\nsize: 1\nsise: 2\n', 'line 3, column 1: sise: there is no such field; take it out or correct its name'],
  ['name: a\nsize: 1\nwords: { w1: x, v2: y }\n', 'line 3, column 17: words.v2: want w1 to w9; correct the name'],
  ['name: a\nsize: 1\nname: b\n', 'line 3, column 1: the field name stands here twice; take one of them out'],
  ['name: a\n---\nsize: 1\n', 'line 2, column 1: a file is one document; take out all from this line on'],
  ['name: a\nsize: *x\n', 'line 2, column 7: aliases are not read; write out what is meant'],
  ['name: a\n\tsize: 1\n', 'line 2, column 1: a tab cannot indent; use spaces'],
  ['name: [\n', 'line 2, column 1: no YAML: flow sequence'],
  ['', 'line 1, column 1: this is no shape'],
  ['id,amount\n1,2\n', 'line 1, column 1: this is no shape'],
  ['["name"]', 'line 1, column 1: this is no shape'],
  [new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0xff]), 'line 1, column 1: this is no shape'],
  [new Uint8Array([...bytes('name: a\nsize: '), 0xff]), 'line 2, column 7: these bytes are no UTF-8'],
])('%j is refused with its place and what to do', (content, message) => {
  expect(faultsOf(content)).toContain(`f.yaml ${message}`)
})

test.each(['{ "name": "a", "size": 1 }', '{"size":1,"name":"a"}'])('what is in order is read: %j', (content) =>
  expect(faultsOf(content)).toBe('none'),
)
