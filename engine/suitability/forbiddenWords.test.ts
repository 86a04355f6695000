import { forbiddenIn, wordFaults } from './forbiddenWords.js'

const both = (en: string, zh = '甲') => ({ 'zh-CN': zh, en })
const forbidden = { 'zh-CN': ['稳赚', '保本'], en: ['risk-free', 'Hurry', '100%'] }

test.each([
  ['none', both('A fund of risk level R3.', '风险等级为R3。'), []],
  ['an English one', both('It is risk-free.'), ['risk-free']],
  ['in capitals, though it is not', both('RISK-FREE and hurry'), ['risk-free', 'Hurry']],
  ['with other signs between', both('risk  free; Risk – Free'), ['risk-free']],
  ['without a sign between', both('riskfree'), []],
  ['within longer words', both('asterisk-free, hurrying, unhurry, 2100%'), []],
  ['with a sign of its own', both('it is 100% yours'), ['100%']],
  ['a Chinese one, within what is written together', both('x', '本产品稳赚不赔'), ['稳赚']],
  ['two, Chinese ones first', both('Hurry', '保本稳赚'), ['稳赚', '保本', 'Hurry']],
  ['each in its own language', both('稳赚', 'risk-free'), []],
])('words that a text holds: %s', (_, messages, expected) => {
  expect(forbiddenIn(messages, forbidden)).toEqual(expected)
})

test('a forbidden word of signs alone is in no text', () => {
  expect(forbiddenIn(both('a – b'), { 'zh-CN': [], en: ['–'] })).toEqual([])
})

const fine = both('fine')
const rule = { messages: fine }
type Given = Parameters<typeof wordFaults>[0]
const packOf = (more: object): Given => ({ rules: [rule], confirmations: [], texts: {}, ...more }) as unknown as Given
const said = (word: string): string =>
  `the words "${word}" must not stand in a text to an investor; write it without them`

test.each<[string, object, readonly unknown[]]>([
  ['nothing', {}, []],
  [
    'a message',
    { rules: [rule, { messages: both('so risk-free') }] },
    [{ path: ['rules', 1, 'messages', 'en'], offset: 3, message: said('risk-free') }],
  ],
  [
    'a remedy',
    { rules: [{ ...rule, remedy: both('x', '请保本') }] },
    [{ path: ['rules', 0, 'remedy', 'zh-CN'], offset: 1, message: said('保本') }],
  ],
  [
    'a step',
    { confirmations: [{ messages: both('Hurry') }] },
    [{ path: ['confirmations', 0, 'messages', 'en'], offset: 0, message: said('Hurry') }],
  ],
  [
    'a text, told there and not where it is shown',
    { texts: { own: both('so risk-free') }, rules: [{ messages: both('a {text.none}') }] },
    [{ path: ['texts', 'own', 'en'], offset: 3, message: said('risk-free') }],
  ],
  [
    'a word half in a text and half around it',
    { texts: { half: both('free') }, rules: [{ messages: both('is risk-{text.half}') }] },
    [{ path: ['rules', 0, 'messages', 'en'], offset: 0, message: said('risk-free') }],
  ],
  [
    'what is written and, by way of a text, told: once, where it is written',
    { texts: { half: both('free') }, rules: [{ messages: both('x Hurry, risk-{text.half}') }] },
    [{ path: ['rules', 0, 'messages', 'en'], offset: 2, message: said('Hurry') }],
  ],
  // What is told of them comes first: they cannot be put together.
  [
    'texts that hold themselves',
    { texts: { ring: both('{text.ring}') }, rules: [{ messages: both('{text.ring}') }] },
    [],
  ],
  ['a text that is not there', { rules: [{ messages: both('risk-{text.none}free') }] }, []],
])('forbidden words in a pack: %s', (_, more, expected) => {
  expect(wordFaults(packOf(more), forbidden)).toEqual(expected)
})

test('of rules over a pack the texts of both are put together', () => {
  const over = packOf({ rules: [{ messages: both('risk-{text.half}') }] })
  expect(wordFaults(over, forbidden, { half: both('free') })).toHaveLength(1)
})
