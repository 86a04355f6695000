import { type Bitset, andBits, bitsWhere, emptyBits, fullBits, orBits, withoutBits } from './bitset.js'
import { type Expression, type Name, type Operand, namesIn } from './expression.js'
import { type Subject } from './inputs.js'
import { holds, interpret, valueOf } from './interpret.js'
import { type InputValue, type Inputs } from './vocabulary.js'

/**
 * A rule's condition over all products at once. A part that reads the product alone became a bitset; one that reads
 * the subject alone stays a truth value; a comparison of both became a table from the subject's value to a bitset.
 * `keys` give all of a subject that the bits depend on: subjects with equal keys have equal bits.
 */
export type CompiledExpression = {
  readonly keys: readonly ((subject: Subject) => string)[]
  readonly bits: (subject: Subject) => Bitset | boolean
}

/** Thrown at compilation for a comparison of product and subject that no table can hold. */
export class NotCompilable extends Error {}

export function compileExpression(root: Expression, products: readonly Inputs[]): CompiledExpression {
  const size = products.length
  const full = fullBits(size)
  const not = (value: Bitset | boolean): Bitset | boolean =>
    typeof value === 'boolean' ? !value : withoutBits(full, value)
  const compile = (node: Expression): CompiledExpression => {
    const entities = new Set(namesIn(node).map((name) => name.entity))
    if (!entities.has('product')) return subjectOnly(node)
    if (entities.size === 1) return productOnly(node, products)
    switch (node.op) {
      case 'and':
      case 'or': {
        const [left, right] = [compile(node.left), compile(node.right)]
        const join = node.op === 'and' ? and : or
        return { keys: [...left.keys, ...right.keys], bits: (subject) => join(left.bits(subject), right.bits(subject)) }
      }
      case 'not': {
        const of = compile(node.of)
        return { keys: of.keys, bits: (subject) => not(of.bits(subject)) }
      }
      case 'if': {
        const [test, yes, no] = [compile(node.test), compile(node.then), compile(node.else)]
        return {
          keys: [...test.keys, ...yes.keys, ...no.keys],
          bits: (subject) => {
            const chosen = test.bits(subject)
            return or(and(chosen, yes.bits(subject)), and(not(chosen), no.bits(subject)))
          },
        }
      }
      case 'compare':
        return mixed(node, products)
      case 'truth':
        throw new NotCompilable('a single name reads one entity')
    }
  }
  return compile(root)
}

const and = (a: Bitset | boolean, b: Bitset | boolean): Bitset | boolean =>
  typeof a === 'boolean' ? a && b : typeof b === 'boolean' ? b && a : andBits(a, b)
const or = (a: Bitset | boolean, b: Bitset | boolean): Bitset | boolean =>
  typeof a === 'boolean' ? a || b : typeof b === 'boolean' ? b || a : orBits(a, b)

function subjectOnly(node: Expression): CompiledExpression {
  const truth = (subject: Subject): boolean => interpret(node, subject)
  return { keys: [(subject) => (truth(subject) ? '1' : '0')], bits: truth }
}

function productOnly(node: Expression, products: readonly Inputs[]): CompiledExpression {
  const names = namesIn(node)
  // A product whose value is unknown is judged by the rule's `whenMissing`, not here.
  const known = (product: Inputs): boolean => names.every((name) => product[name.field] !== null)
  const bits = bitsWhere(products.length, (ordinal) => {
    const product = products[ordinal]
    return product !== undefined && known(product) && interpret(node, { product })
  })
  return { keys: [], bits: () => bits }
}

type Comparison = Extract<Expression, { op: 'compare' }>
const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

function mixed(node: Comparison, products: readonly Inputs[]): CompiledExpression {
  const { left, right, by } = node
  if (left.op !== 'name' || right.op !== 'name')
    throw new NotCompilable('a comparison of product and subject has a name on each side')
  if (by === 'in')
    return left.entity === 'product' ? memberOfSubject(left, right, products) : memberOfProduct(left, right, products)
  return left.entity === 'product' ? scalar(by, left, right, products) : scalar(mirrored[by], right, left, products)
}

/** `product.x by subject.y`: the subject's value is one of finitely many classes of the column's distinct values. */
function scalar(
  by: keyof typeof mirrored,
  column: Name,
  value: Operand,
  products: readonly Inputs[],
): CompiledExpression {
  const values = products.map((product) => product[column.field] ?? null)
  if (column.type === 'int' && by !== '==' && by !== '!=') return threshold(by, values, value)
  const key = (subject: Subject): string => String(valueOf(value, subject))
  return table(key, (subject) => {
    const other = valueOf(value, subject)
    return bitsWhere(values.length, (ordinal) => holds(by, values[ordinal] ?? null, other))
  })
}

function threshold(by: '<' | '<=' | '>' | '>=', values: readonly InputValue[], value: Operand): CompiledExpression {
  const distinct = [...new Set(values)].filter((v): v is number => typeof v === 'number').sort((a, b) => a - b)
  const bound = (subject: Subject): number => valueOf(value, subject) as number
  // Two bounds with as many distinct values below them (for <= and >: up to them) select the same products.
  const upTo = by === '<=' || by === '>'
  return table(
    (subject) => String(rank(distinct, bound(subject), upTo)),
    (subject) => {
      const limit = bound(subject)
      return bitsWhere(
        values.length,
        (ordinal) => typeof values[ordinal] === 'number' && holds(by, values[ordinal], limit),
      )
    },
  )
}

/** How many of the ascending values lie below the bound, or up to it. */
function rank(ascending: readonly number[], bound: number, upTo: boolean): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = ascending[middle] ?? 0
    if (upTo ? value <= bound : value < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** `product.x in subject.list`: the union of the members' bitsets. */
function memberOfSubject(column: Name, list: Operand, products: readonly Inputs[]): CompiledExpression {
  const byValue = bitsByValue(products, (product) => [product[column.field] ?? null])
  const members = (subject: Subject): readonly (string | number)[] =>
    (valueOf(list, subject) ?? []) as readonly (string | number)[]
  return table(
    (subject) => JSON.stringify([...members(subject)].sort()),
    (subject) =>
      members(subject).reduce<Bitset>(
        (union, member) => orBits(union, byValue.get(member) ?? emptyBits(products.length)),
        emptyBits(products.length),
      ),
  )
}

/** `subject.x in product.list`: one bitset a member. */
function memberOfProduct(value: Operand, list: Name, products: readonly Inputs[]): CompiledExpression {
  const byMember = bitsByValue(products, (product) => (product[list.field] ?? []) as readonly InputValue[])
  const none = emptyBits(products.length)
  return table(
    (subject) => JSON.stringify(valueOf(value, subject)),
    (subject) => byMember.get(valueOf(value, subject)) ?? none,
  )
}

function bitsByValue(
  products: readonly Inputs[],
  valuesOf: (product: Inputs) => readonly InputValue[],
): ReadonlyMap<InputValue, Bitset> {
  const found = new Map<InputValue, Bitset>()
  products.forEach((product, ordinal) => {
    for (const value of valuesOf(product)) {
      const bits = found.get(value) ?? emptyBits(products.length)
      bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31))
      found.set(value, bits)
    }
  })
  return found
}

/** Bits made once a key; few keys occur, but a stream of odd values must not fill the memory. */
const maxRows = 4096
function table(key: (subject: Subject) => string, make: (subject: Subject) => Bitset): CompiledExpression {
  const rows = new Map<string, Bitset>()
  return {
    keys: [key],
    bits: (subject) => {
      const at = key(subject)
      const known = rows.get(at)
      if (known !== undefined) return known
      if (rows.size >= maxRows) rows.clear()
      const made = make(subject)
      rows.set(at, made)
      return made
    },
  }
}
