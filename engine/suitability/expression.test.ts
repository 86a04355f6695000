import { type Expression, ExpressionFault, namesIn, parseExpression } from './expression.js'

const name = (full: string, type: string) => {
  const [entity, field] = full.split('.')
  return { op: 'name', entity, field, type }
}
const level = name('product.riskLevel', 'int')
const literal = (value: number | string | boolean, type: string) => ({ op: 'literal', value, type })
const truth = (of: object) => ({ op: 'truth', of })
const yes = truth(literal(true, 'bool'))
const no = truth(literal(false, 'bool'))

test.each<[string, object]>([
  ['true', yes],
  ['investor.optedOut', truth(name('investor.optedOut', 'bool'))],
  ['!true', { op: 'not', of: yes }],
  ['true && false', { op: 'and', left: yes, right: no }],
  ['true || false', { op: 'or', left: yes, right: no }],
  // && before ||, and both before ?:
  ['true || false && true', { op: 'or', left: yes, right: { op: 'and', left: no, right: yes } }],
  ['true ? false : true', { op: 'if', test: yes, then: no, else: yes }],
  ['product.riskLevel <= 3', { op: 'compare', by: '<=', left: level, right: literal(3, 'int') }],
  ['-3 < product.riskLevel', { op: 'compare', by: '<', left: literal(-3, 'int'), right: level }],
  [
    'product.riskLevel in [1, 2]',
    { op: 'compare', by: 'in', left: level, right: { op: 'list', values: [1, 2], type: 'list(int)' } },
  ],
  [
    "product.kind in ['bond']",
    {
      op: 'compare',
      by: 'in',
      left: name('product.kind', 'string'),
      right: { op: 'list', values: ['bond'], type: 'list(string)' },
    },
  ],
  [
    'investor.optedOut == false',
    { op: 'compare', by: '==', left: name('investor.optedOut', 'bool'), right: literal(false, 'bool') },
  ],
  [
    'product.id != "P1"',
    { op: 'compare', by: '!=', left: name('product.id', 'string'), right: literal('P1', 'string') },
  ],
  [
    'product.riskLevel < 9007199254740991',
    { op: 'compare', by: '<', left: level, right: literal(9007199254740991, 'int') },
  ],
])('%s is read', (text, expected) => expect(parseExpression(text)).toEqual(expected))

const faultOf = (text: string): readonly [string, number] => {
  try {
    parseExpression(text)
  } catch (error) {
    if (error instanceof ExpressionFault) return [error.message, error.offset]
    throw error
  }
  return ['none', -1]
}

test.each([
  ['product.riskLevel', 'riskLevel', 'want a truth value, got int; compare it with something'],
  ['3', '3', 'want a truth value, got int'],
  ['[1] == [1]', '==', 'list(int) == list(int): want two values of one scalar type'],
  [
    'product.objectives == investor.objectives',
    '==',
    'list(string) == list(string): want two values of one scalar type',
  ],
  ['product.riskLevel == "a"', '==', 'int == string: want two values of one scalar type'],
  ['true < false', '<', 'bool < bool: only whole numbers have an order'],
  ['product.kind > "bond"', '>', 'string > string: only whole numbers have an order'],
  ['product.riskLevel in ["a"]', 'in', 'int in list(string): want a list of int'],
  ['product.riskLevel in 3', 'in', 'int in int: want a list of int'],
  ['product.kind == "boat"', '==', 'product.kind is never "boat"; it is one of money-market'],
  ['"boat" == product.kind', '==', 'product.kind is never "boat"'],
  ['product.complexity == "hard"', '==', 'product.complexity is never "hard"; it is one of simple, complex'],
  ['product.kind in ["bond", "boat"]', 'in', 'product.kind is never "boat"'],
  ['"boat" in product.objectives', 'in', 'product.objectives is never "boat"; it is one of liquidity'],
  ['product.riskLevel in []', '[', 'want a list of whole numbers or of texts, not mixed and not empty'],
  ['product.riskLevel in [1, "a"]', '[1', 'not mixed'],
  ['true in [true]', '[true', 'want a list of whole numbers or of texts'],
  ['product.riskLevel < 1.5', '1', 'want a whole number, a text, true or false'],
  ['product.riskLevel < null', 'null', 'want a whole number'],
  ['product.riskLevel in [product.sri]', 'sri', 'want a whole number'],
  ['product.riskLevel < 9007199254740992', '9007199254740992', '9007199254740992 is too large'],
  ['product.riskLevel < -9007199254740992', '-9007199254740992', '-9007199254740992 is too large'],
  ['product.colour == 3', 'product', 'unknown name product.colour; docs/rules.md lists the names'],
  ['fund.riskLevel == 3', 'fund', 'unknown name fund.riskLevel'],
  ['product.toString == 3', 'product', 'unknown name product.toString'],
  ['a.b.c == 3', 'b', 'unknown name .c'],
  ['product == 3', 'product', 'want a name such as product.riskLevel'],
  ['product.sri + 1 < 3', '+', '_+_ is not part of the subset; operands are names, literals and lists of literals'],
  ['product.sri + 1', '+', '_+_ is not part of the subset; use && || ! ?: < <= > >= == != in'],
  ['size(product.objectives) < 3', 'size', 'size is not part of the subset; operands'],
  ['pick(true, false, true)', 'pick', 'pick is not part of the subset; use && || ! ?:'],
  ['product.id.startsWith("P")', 'startsWith', 'functions such as startsWith() are not part of the subset'],
  ['product.objectives.all(o, o == "income")', 'all', 'loops are not part of the subset; name what is meant'],
])('%s is refused at %s: %s', (text, token, message) => {
  const [said, at] = faultOf(text)
  expect(said).toContain(message)
  // CEL's parser takes some operators from the blank before them on.
  expect(text.slice(at).trimStart().startsWith(token)).toBe(true)
})

test.each(['product.riskLevel <=', '', '(true', 'true &&', 'a b'])('"%s" is no expression', (text) => {
  expect(faultOf(text)[0]).toMatch(/syntax|want|Expected/i)
})

test('names once each, in order of appearance, from every part', () => {
  const text =
    'product.sri < 3 && !(investor.optedOut) || (product.riskLevel <= investor.riskLevel ? product.kind in ["bond"] : investor.riskLevel in product.negativeLevels) && product.sri > 1'
  const expression: Expression = parseExpression(text)
  expect(namesIn(expression).map(({ entity, field }) => `${entity}.${field}`)).toEqual([
    'product.sri',
    'investor.optedOut',
    'product.riskLevel',
    'investor.riskLevel',
    'product.kind',
    'product.negativeLevels',
  ])
})
