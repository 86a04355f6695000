import { type Comparison, type Expression, type Operand } from './expression.js'
import { type Entity, type InputValue, type Inputs } from './vocabulary.js'

/** Values of the names that an expression reads; those of an entity that it does not read may be absent. */
export type Environment = { readonly [E in Entity]?: Inputs }

/** An expression's truth where no name that it reads is null: the compiler's plain evaluator, held to CEL by tests. */
export function interpret(node: Expression, env: Environment): boolean {
  switch (node.op) {
    case 'and':
      return interpret(node.left, env) && interpret(node.right, env)
    case 'or':
      return interpret(node.left, env) || interpret(node.right, env)
    case 'not':
      return !interpret(node.of, env)
    case 'if':
      return interpret(node.test, env) ? interpret(node.then, env) : interpret(node.else, env)
    case 'truth':
      return valueOf(node.of, env) === true
    case 'compare':
      return holds(node.by, valueOf(node.left, env), valueOf(node.right, env))
  }
}

export function valueOf(operand: Operand, env: Environment): InputValue {
  switch (operand.op) {
    case 'literal':
      return operand.value
    case 'list':
      return operand.values as readonly string[] | readonly number[]
    case 'name':
      return env[operand.entity]?.[operand.field] ?? null
  }
}

export function holds(by: Comparison, left: InputValue, right: InputValue): boolean {
  switch (by) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case 'in':
      return Array.isArray(right) && (right as readonly InputValue[]).includes(left)
    case '<':
      return (left as number) < (right as number)
    case '<=':
      return (left as number) <= (right as number)
    case '>':
      return (left as number) > (right as number)
    case '>=':
      return (left as number) >= (right as number)
  }
}
