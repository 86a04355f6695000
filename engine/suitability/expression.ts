import { parse } from '@bufbuild/cel'
import { syntaxFaultIn } from './syntaxFault.js'
import { type Entity, type InputType, declarationOf, isEntity } from './vocabulary.js'

/**
 * The subset of CEL in which rules are written: `&& || ! ?:` over comparisons of whole numbers, equality of scalars,
 * and `in` a list; names are `product.x`, `investor.x`, `context.x` of the vocabulary. Total: no loops, no arithmetic,
 * no functions. The same text is given to the CEL library, whose evaluator is the reference.
 */
export type Scalar = number | string | boolean
export type Operand =
  | { readonly op: 'name'; readonly entity: Entity; readonly field: string; readonly type: InputType }
  | { readonly op: 'literal'; readonly value: Scalar; readonly type: InputType }
  | { readonly op: 'list'; readonly values: readonly Scalar[]; readonly type: InputType }
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in'
export type Expression =
  | { readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'if'; readonly test: Expression; readonly then: Expression; readonly else: Expression }
  | { readonly op: 'compare'; readonly by: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly op: 'truth'; readonly of: Operand }

type CelExpr = NonNullable<ReturnType<typeof parse>['expr']>

/** A fault of a rule's text: what, where (characters into the expression, UTF-16) and what to do. */
export class ExpressionFault extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
    this.name = 'ExpressionFault'
  }
}

const logic: Readonly<Record<string, 'and' | 'or'>> = { '_&&_': 'and', '_||_': 'or' }
const comparisons: Readonly<Record<string, Comparison>> = {
  '_<_': '<',
  '_<=_': '<=',
  '_>_': '>',
  '_>=_': '>=',
  '_==_': '==',
  '_!=_': '!=',
  '@in': 'in',
}

/**
 * Parses and types a rule's expression. Throws `ExpressionFault` on a syntax error, an unknown name, a wrong type or
 * anything outside the subset.
 */
export function parseExpression(text: string): Expression {
  const parsed = parseCel(text)
  const fault = faultIn(text, parsed.sourceInfo?.positions ?? {})
  const expression = (node: CelExpr): Expression => {
    if (node.exprKind.case !== 'callExpr') return truth(node)
    const { function: name, args, target } = node.exprKind.value
    const [first, second, third] = args
    if (target !== undefined) throw fault(node, `functions such as ${name}() are not part of the subset`)
    const joined = logic[name]
    if (joined !== undefined && first && second)
      return { op: joined, left: expression(first), right: expression(second) }
    if (name === '!_' && first) return { op: 'not', of: expression(first) }
    if (name === '_?_:_' && first && second && third)
      return { op: 'if', test: expression(first), then: expression(second), else: expression(third) }
    const by = comparisons[name]
    if (by !== undefined && first && second) return compare(node, by, operand(first), operand(second))
    throw fault(node, `${name} is not part of the subset; use && || ! ?: < <= > >= == != in`)
  }
  const truth = (node: CelExpr): Expression => {
    const of = operand(node)
    if (of.type !== 'bool') throw fault(node, `want a truth value, got ${of.type}; compare it with something`)
    return { op: 'truth', of }
  }
  const compare = (node: CelExpr, by: Comparison, left: Operand, right: Operand): Expression => {
    const why = mismatch(by, left, right)
    if (why !== null) throw fault(node, why)
    return { op: 'compare', by, left, right }
  }
  const operand = (node: CelExpr): Operand => {
    const kind = node.exprKind
    if (kind.case === 'selectExpr') return name(node, kind.value.operand, kind.value.field)
    if (kind.case === 'constExpr') return literal(scalarOf(node))
    if (kind.case === 'callExpr')
      throw fault(
        node,
        `${kind.value.function} is not part of the subset; operands are names, literals and lists of literals`,
      )
    if (kind.case === 'listExpr') return list(node, kind.value.elements.map(scalarOf))
    if (kind.case === 'comprehensionExpr')
      throw fault(node, 'loops are not part of the subset; name what is meant, or use `in` with a list')
    throw fault(node, 'want a name such as product.riskLevel, a number, a text, true or false, or a list of such')
  }
  const scalarOf = (node: CelExpr): Scalar => {
    const constant = node.exprKind.case === 'constExpr' ? node.exprKind.value.constantKind : undefined
    if (constant?.case === 'int64Value') return safeInteger(constant.value, node)
    if (constant?.case === 'stringValue' || constant?.case === 'boolValue') return constant.value
    throw fault(node, 'want a whole number, a text, true or false')
  }
  const safeInteger = (value: bigint, node: CelExpr): number => {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw fault(node, `${value} is too large`)
    return number
  }
  const name = (node: CelExpr, of: CelExpr | undefined, field: string): Operand => {
    const entity = of?.exprKind.case === 'identExpr' ? of.exprKind.value.name : ''
    const declaration = isEntity(entity) ? declarationOf(entity, field) : null
    if (!isEntity(entity) || declaration === null)
      throw fault(of ?? node, `unknown name ${entity}.${field}; docs/rules.md lists the names that rules may read`)
    return { op: 'name', entity, field, type: declaration.type }
  }
  const list = (node: CelExpr, values: readonly Scalar[]): Operand => {
    const types = new Set(values.map((value) => literal(value).type))
    if (types.size !== 1 || types.has('bool'))
      throw fault(node, 'want a list of whole numbers or of texts, not mixed and not empty')
    return { op: 'list', values, type: types.has('int') ? 'list(int)' : 'list(string)' }
  }
  return expression(parsed.expr)
}

const literal = (value: Scalar): Operand => ({
  op: 'literal',
  value,
  type: typeof value === 'number' ? 'int' : typeof value === 'string' ? 'string' : 'bool',
})

function parseCel(text: string): ReturnType<typeof parse> {
  try {
    return parse(text)
  } catch {
    const { message, offset } = syntaxFaultIn(text)
    throw new ExpressionFault(message, offset)
  }
}

function faultIn(text: string, positions: Readonly<Record<string, number>>) {
  return (node: CelExpr, message: string): ExpressionFault => {
    const offset = positions[String(node.id)] ?? 0
    // Of a function of something, the position is that of the dot before it.
    return new ExpressionFault(message, text.charAt(offset) === '.' ? offset + 1 : offset)
  }
}

/** Why two operands cannot be compared so; null where they can. */
function mismatch(by: Comparison, left: Operand, right: Operand): string | null {
  if (by === 'in') {
    if (right.type !== `list(${left.type})`) return `${left.type} in ${right.type}: want a list of ${left.type}`
  } else if (left.type !== right.type || left.type.startsWith('list')) {
    return `${left.type} ${by} ${right.type}: want two values of one scalar type`
  } else if (left.type !== 'int' && by !== '==' && by !== '!=') {
    return `${left.type} ${by} ${right.type}: only whole numbers have an order`
  }
  return impossible(left, right) ?? impossible(right, left)
}

/** A text that an input never takes is a slip of the pen, and would make a rule that never holds. */
function impossible(named: Operand, other: Operand): string | null {
  if (named.op !== 'name' || other.op === 'name') return null
  const values = declarationOf(named.entity, named.field)?.values
  if (values === undefined) return null
  const given = other.op === 'literal' ? [other.value] : other.values
  const unknown = given.find((value) => !values.includes(String(value)))
  return unknown === undefined
    ? null
    : `${named.entity}.${named.field} is never "${unknown}"; it is one of ${values.join(', ')}`
}

export type Name = Extract<Operand, { op: 'name' }>

/** Every name that an expression reads, once each, in order of appearance. */
export function namesIn(expression: Expression): readonly Name[] {
  const found = new Map<string, Name>()
  const visit = (node: Expression | Operand): void => {
    switch (node.op) {
      case 'name':
        found.set(`${node.entity}.${node.field}`, node)
        return
      case 'and':
      case 'or':
      case 'compare':
        visit(node.left)
        visit(node.right)
        return
      case 'not':
      case 'truth':
        visit(node.of)
        return
      case 'if':
        visit(node.test)
        visit(node.then)
        visit(node.else)
        return
      case 'literal':
      case 'list':
        return
    }
  }
  visit(expression)
  return [...found.values()]
}
