import { type Bitset, andInto, flipInto, orInto } from './bitset.js'
import { type ClassVector } from './classVector.js'
import { type Column, addEqual, columnValue, positionOf, writePrefix } from './column.js'
import { type Expression, type Name, namesIn } from './expression.js'
import { type Subject } from './inputs.js'
import { interpret, valueOf } from './interpret.js'
import { type Tables, type TablesAsked } from './tables.js'
import { type InputValue } from './vocabulary.js'

/**
 * A rule's condition over all products at once. A part that reads the product alone became a bitset; one that reads the
 * subject alone stays a truth value; a comparison of both became a column of the products' values, in which the
 * subject's value has a position.
 */
export type CompiledExpression = {
  /** It reads no product: `classify` writes 0 or 1. */
  readonly ofSubject: boolean
  /** Writes all of a subject that the bits depend on: subjects with equal vectors have equal bits. */
  readonly classify: (subject: Subject, tables: Tables, vector: ClassVector) => void
  /**
   * Reads that back. True or false where it is so for all products alike; else null, and the bits stand in the register
   * of the given depth. What it says of a product with an unknown input means nothing.
   */
  readonly evaluate: (vector: ClassVector, tables: Tables, registers: Registers, depth: number) => boolean | null
}

/** Bitsets to calculate in, by depth; those below the given depth are in use. */
export class Registers {
  readonly #bits: Bitset[] = []
  constructor(readonly words: number) {}
  at = (depth: number): Bitset => (this.#bits[depth] ??= new Uint32Array(this.words))
}

/** Thrown at compilation for a comparison of product and subject that no table can hold. */
export class NotCompilable extends Error {}

export function compileExpression(node: Expression, asked: TablesAsked): CompiledExpression {
  const entities = new Set(namesIn(node).map(({ entity }) => entity))
  if (!entities.has('product')) return subjectOnly(node)
  if (entities.size === 1) return productOnly(node, asked)
  switch (node.op) {
    case 'and':
    case 'or':
      return joined(node.op, compileExpression(node.left, asked), compileExpression(node.right, asked))
    case 'not':
      return negated(compileExpression(node.of, asked))
    case 'if':
      return chosen(...([node.test, node.then, node.else].map((part) => compileExpression(part, asked)) as Parts))
    case 'compare':
      return mixed(node, asked)
    case 'truth':
      throw new NotCompilable('a single name reads one entity')
  }
}

/** A part that reads no product goes first: where it decides, the other is not asked, and divides no classes. */
function joined(op: 'and' | 'or', a: CompiledExpression, b: CompiledExpression): CompiledExpression {
  const [first, second] = b.ofSubject ? [b, a] : [a, b]
  const deciding = op === 'or'
  const join = op === 'or' ? orInto : andInto
  return {
    ofSubject: false,
    classify: (subject, tables, vector) => {
      first.classify(subject, tables, vector)
      if (!(first.ofSubject && vector.written === Number(deciding))) second.classify(subject, tables, vector)
    },
    evaluate: (vector, tables, registers, depth) => {
      const one = first.evaluate(vector, tables, registers, depth)
      if (first.ofSubject && one === deciding) return deciding
      const other = second.evaluate(vector, tables, registers, one === null ? depth + 1 : depth)
      if (one === null && other === null) join(registers.at(depth), registers.at(depth + 1))
      if (one === deciding || other === deciding) return deciding
      return one === null || other === null ? null : !deciding
    },
  }
}

const negated = (of: CompiledExpression): CompiledExpression => ({
  ofSubject: false,
  classify: of.classify,
  evaluate: (vector, tables, registers, depth) => {
    const truth = of.evaluate(vector, tables, registers, depth)
    if (truth === null) flipInto(registers.at(depth), tables.full)
    return truth === null ? null : !truth
  },
})

type Parts = [test: CompiledExpression, yes: CompiledExpression, no: CompiledExpression]

function chosen(...[test, yes, no]: Parts): CompiledExpression {
  if (!test.ofSubject) return joined('or', joined('and', test, yes), joined('and', negated(test), no))
  return {
    ofSubject: false,
    classify: (subject, tables, vector) => {
      test.classify(subject, tables, vector)
      const branch = vector.written === 1 ? yes : no
      branch.classify(subject, tables, vector)
    },
    evaluate: (vector, tables, registers, depth) => {
      const branch = test.evaluate(vector, tables, registers, depth) === true ? yes : no
      return branch.evaluate(vector, tables, registers, depth)
    },
  }
}

const subjectOnly = (node: Expression): CompiledExpression => ({
  ofSubject: true,
  classify: (subject, _, vector) => vector.write(interpret(node, subject) ? 1 : 0),
  evaluate: (vector) => vector.read() === 1,
})

function productOnly(node: Expression, asked: TablesAsked): CompiledExpression {
  const fields = namesIn(node).map(({ field }) => field)
  const place = asked.bits({ id: JSON.stringify(node), fields, holds: (product) => interpret(node, { product }) })
  return {
    ofSubject: false,
    classify: () => undefined,
    evaluate: (_, tables, registers, depth) => {
      registers.at(depth).set(tables.bits[place] ?? tables.none)
      return null
    },
  }
}

type Compared = Extract<Expression, { op: 'compare' }>
const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

function mixed({ left, right, by }: Compared, asked: TablesAsked): CompiledExpression {
  if (left.op !== 'name' || right.op !== 'name')
    throw new NotCompilable('a comparison of product and subject has a name on each side')
  const productLeft = left.entity === 'product'
  const [product, subject] = productLeft ? [left, right] : [right, left]
  const place = asked.column(product.field)
  if (by === 'in') return among(place, subject)
  const direct = productLeft ? by : mirrored[by]
  if (direct === '==') return among(place, subject)
  if (direct === '!=') return negated(among(place, subject))
  return threshold(direct, place, subject)
}

/** `product.x by subject.y` of whole numbers: the products up to a position, or those after it. */
function threshold(by: '<' | '<=' | '>' | '>=', place: number, of: Name): CompiledExpression {
  // Two bounds with as many products below them (for <= and >: up to them) select the same.
  const upTo = by === '<=' || by === '>'
  const below: CompiledExpression = {
    ofSubject: false,
    classify: (subject, tables, vector) =>
      vector.write(positionOf(columnAt(tables, place), valueOf(of, subject) as number, upTo)),
    evaluate: (vector, tables, registers, depth) => {
      writePrefix(columnAt(tables, place), vector.read(), registers.at(depth))
      return null
    },
  }
  return by === '<' || by === '<=' ? below : negated(below)
}

/**
 * The products of which a value is among the subject's: for `==`, `product.x in subject.list` and
 * `subject.x in product.list` alike, since a column has an entry for each member of a list.
 */
const among = (place: number, of: Name): CompiledExpression => ({
  ofSubject: false,
  classify: (subject, tables, vector) => {
    const positions = positionsOf(columnAt(tables, place), valueOf(of, subject))
    vector.write(positions.length)
    for (const position of positions) vector.write(position)
  },
  evaluate: (vector, tables, registers, depth) => {
    const bits = registers.at(depth).fill(0)
    for (let left = vector.read(); left > 0; left--) addEqual(columnAt(tables, place), vector.read(), bits)
    return null
  },
})

/** Where the values of a subject that products have begin in a column: ascending, each once. */
function positionsOf(column: Column, value: InputValue): readonly number[] {
  const values: readonly InputValue[] = Array.isArray(value) ? (value as readonly InputValue[]) : [value]
  const found = values.flatMap((one) => {
    if (one === null || typeof one === 'object') return []
    const position = positionOf(column, columnValue(one), false)
    return column.values[position] === columnValue(one) ? [position] : []
  })
  return found.length < 2 ? found : [...new Set(found)].sort((a, b) => a - b)
}

function columnAt({ columns }: Tables, place: number): Column {
  const column = columns[place]
  if (column === undefined) throw new Error(`table ${place} was not made`)
  return column
}
