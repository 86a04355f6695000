import { faultsOfTexts, placeholdersIn, unknownTexts, unreadInputs, withTexts } from './packTexts.js'

const both = (en: string, zh = en) => ({ 'zh-CN': zh, en })
const texts = { a: both('A {text.b}', '甲{text.b}'), b: both('B {product.riskLevel}', '乙{product.riskLevel}') }

test('a text stands where it is named, through others, each language in its own', () => {
  expect(withTexts(both('x {text.a}!', 'y{text.a}。'), texts)).toEqual({
    'zh-CN': 'y甲乙{product.riskLevel}。',
    en: 'x A B {product.riskLevel}!',
  })
  expect(withTexts(both('{product.kind}'), texts)).toEqual(both('{product.kind}'))
})

test('what stands in braces, and where', () => {
  expect(placeholdersIn(both('a {b} {text.c}', '{d}'))).toEqual([
    { language: 'zh-CN', name: 'd', offset: 0 },
    { language: 'en', name: 'b', offset: 2 },
    { language: 'en', name: 'text.c', offset: 6 },
  ])
})

test('texts without a fault, also where two hold the same third', () => {
  expect(faultsOfTexts(texts)).toEqual([])
  expect(faultsOfTexts({ ...texts, c: both('{text.b} {text.b} {text.a}') })).toEqual([])
})

test('a text that is not there is told in each language where it is named', () => {
  const message = '{text.z} is not among the texts of the pack; add it there or correct the name'
  expect(faultsOfTexts({ a: both('ab {text.z}', '{product.kind}') })).toEqual([
    { path: ['texts', 'a', 'en'], offset: 3, message },
  ])
  expect(unknownTexts(both('{text.z}'), texts, ['messages'])).toEqual([
    { path: ['messages', 'zh-CN'], offset: 0, message },
    { path: ['messages', 'en'], offset: 0, message },
  ])
  // Of no text is the name inherited from something else.
  expect(unknownTexts(both('{text.toString}'), texts, [])).toHaveLength(2)
  expect(unknownTexts(both('{text.a}'), texts, [])).toEqual([])
})

test.each([
  ['itself', { a: both('{text.a}') }, 'a → a', 'zh-CN'],
  ['another that holds it', { a: both('en {text.b}', 'zh'), b: both('{text.a}') }, 'a → b → a', 'en'],
  [
    'a third, by way of a second',
    { x: both('{text.a}'), a: both('{text.b}'), b: both('{text.c}'), c: both('{text.a}') },
    'a → b → c → a',
    'zh-CN',
  ],
] as const)('a text that holds %s is told once, at the first of the circle', (_, circle, path, language) => {
  const faults = faultsOfTexts(circle)
  expect(faults.map(({ message }) => message)).toEqual([`the text holds itself: ${path}; take one of them out`])
  expect(faults[0]?.path).toEqual(['texts', 'a', language])
  expect(faults[0]?.offset).toBe(language === 'en' ? 3 : 0)
})

test('the circle is told at the text that leads into it, which need not be the first that is named', () => {
  const sound = both('sound')
  expect(faultsOfTexts({ a: both('{product.kind} {text.b} {text.a}'), b: sound })).toEqual([
    {
      path: ['texts', 'a', 'zh-CN'],
      offset: 24,
      message: 'the text holds itself: a → a; take one of them out',
    },
  ])
})

test('an input that is shown and not read is told, with the text by way of which it is', () => {
  const given = both('{product.kind} {text.a}', '{product.riskLevel}')
  expect(unreadInputs(given, new Set(['product.riskLevel']), texts, ['messages'])).toEqual([
    { path: ['messages', 'en'], offset: 0, message: '{product.kind} is not read by the expression; take it out' },
  ])
  expect(unreadInputs(given, new Set(['product.kind', 'product.riskLevel']), texts, [])).toEqual([])
  expect(unreadInputs(both('{text.a}'), new Set(), texts, []).map(({ message }) => message)).toEqual([
    '{product.riskLevel} (by way of {text.a}) is not read by the expression; take it out',
    '{product.riskLevel} (by way of {text.a}) is not read by the expression; take it out',
  ])
})
