import { type Comparison, type Expression, type Name, type Operand, type Scalar } from '../expression.js'
import { bullets } from './markdown.js'

const owner = { product: 'the product’s', investor: 'the investor’s', context: 'the request’s' } as const

/** `product.minHorizonMonths` → the product’s min horizon months; what it means stands in the tables of docs/rules.md. */
export const nameInWords = ({ entity, field }: Pick<Name, 'entity' | 'field'>): string =>
  `${owner[entity]} *${field.replace(/([A-Z]|\d+)/g, ' $1').toLowerCase()}*`

const literal = (value: Scalar): string => (typeof value === 'string' ? `“${value}”` : String(value))

function operandInWords(operand: Operand): string {
  switch (operand.op) {
    case 'name':
      return nameInWords(operand)
    case 'literal':
      return literal(operand.value)
    case 'list':
      return operand.values.map(literal).join(', ')
  }
}

const comparisons: Readonly<Record<Comparison, string>> = {
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
  '==': 'is',
  '!=': 'is not',
  in: 'is among',
}

/** An expression as a Markdown list: one line for a comparison, and the parts of a conjunction below "all of these". */
export const expressionInWords = (expression: Expression): string => bullets([inWords(expression, 0)])

function inWords(node: Expression, depth: number): string {
  const below = (head: string, parts: readonly Expression[]): string =>
    `${head}:\n${bullets(
      parts.map((part) => inWords(part, depth + 1)),
      depth + 1,
    )}`
  switch (node.op) {
    case 'and':
      return below('all of these', chain(node, 'and'))
    case 'or':
      return below('at least one of these', chain(node, 'or'))
    case 'not':
      return node.of.op === 'truth' ? truth(node.of.of, false) : below('not so', [node.of])
    case 'truth':
      return truth(node.of, true)
    case 'if': {
      const branch = (word: string, part: Expression): string =>
        `${word}:\n${bullets([inWords(part, depth + 2)], depth + 2)}`
      const parts = [inWords(node.test, depth + 1), branch('then', node.then), branch('otherwise', node.else)]
      return `where this is so:\n${bullets(parts, depth + 1)}`
    }
    case 'compare':
      return `${operandInWords(node.left)} ${node.by === 'in' && node.right.op === 'list' ? 'is one of' : comparisons[node.by]} ${operandInWords(node.right)}`
  }
}

/** `a && b && c` is parsed as a tree, and said as one list. */
const chain = (node: Expression, op: 'and' | 'or'): readonly Expression[] =>
  node.op === op ? [...chain(node.left, op), ...chain(node.right, op)] : [node]

const truth = (of: Operand, wanted: boolean): string =>
  of.op === 'literal' ? String(of.value === wanted) : `${operandInWords(of)}: ${wanted ? 'yes' : 'no'}`
