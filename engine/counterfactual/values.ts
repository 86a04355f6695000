import { type Expression, type Operand } from '../suitability/expression.js'
import { type Subject } from '../suitability/inputs.js'
import { type Rule } from '../suitability/pack.js'
import { type Declaration, type Inputs, type InputValue } from '../suitability/vocabulary.js'
import { boundsOf } from './inputOrder.js'

/** A value that an input might have had, and how far it is from the one that it had. */
export type Alternative = { readonly to: InputValue; readonly size: number }

/** Members of a list that are put in or taken out together, at most. */
const mostMembers = 2

/**
 * The values among which the least one that lifts some rules is found, nearest first; ties in code-unit order. A rule
 * is constant between the figures that it compares with, so of the whole numbers each of these and its neighbours do.
 * Of lists up to two members are changed.
 */
export function alternatives(
  field: string,
  declaration: Declaration,
  from: InputValue,
  compared: ReadonlySet<number | string>,
): readonly Alternative[] {
  const found = valuesOf(field, declaration, from, compared)
  const key = ({ to }: Alternative): string => JSON.stringify(to)
  return found
    .filter((one) => JSON.stringify(one.to) !== JSON.stringify(from))
    .sort((a, b) => a.size - b.size || (key(a) < key(b) ? -1 : 1))
}

function valuesOf(
  field: string,
  { type, values }: Declaration,
  from: InputValue,
  compared: ReadonlySet<number | string>,
): readonly Alternative[] {
  switch (type) {
    case 'bool':
      return [true, false].map((to) => ({ to, size: 1 }))
    case 'int':
      return numbers(field, typeof from === 'number' ? from : null, compared)
    case 'string':
      return (values ?? []).map((to, place) => ({
        to,
        size: typeof from === 'string' ? Math.abs(place - (values ?? []).indexOf(from)) : place + 1,
      }))
    case 'list(string)':
    case 'list(int)':
      return lists(from, values ?? [...compared].filter((value) => typeof value === 'string'))
  }
}

/** From an unknown value the smallest figure is the nearest: there is none to be near to. */
function numbers(field: string, from: number | null, compared: ReadonlySet<number | string>): readonly Alternative[] {
  const [least, largest] = boundsOf[field] ?? [0, Number.MAX_SAFE_INTEGER]
  const figures = [...compared].flatMap((value) => (typeof value === 'number' ? [value - 1, value, value + 1] : []))
  const within = new Set([...figures, least].filter((figure) => figure >= least && figure <= largest))
  return [...within].map((to) => ({ to, size: from === null ? to - least + 1 : Math.abs(to - from) }))
}

function lists(from: InputValue, members: readonly string[]): readonly Alternative[] {
  const had: readonly string[] = Array.isArray(from) ? (from as readonly string[]) : []
  const all = [...new Set([...members, ...had])]
  const toggled = (list: readonly string[], member: string): readonly string[] =>
    list.includes(member) ? list.filter((one) => one !== member) : [...list, member]
  const found: Alternative[] = from === null ? [{ to: [], size: 0 }] : []
  const grow = (list: readonly string[], start: number, size: number): void => {
    if (size > 0) found.push({ to: list, size })
    if (size === mostMembers) return
    for (let at = start; at < all.length; at++) grow(toggled(list, all[at] ?? ''), at + 1, size + 1)
  }
  grow(had, 0, 0)
  return found
}

/** What the rules compare with: their literals, figures and texts of product and request, figures of the investor. */
export function comparedIn(
  rules: readonly Rule[],
  product: Inputs,
  { investor, context }: Pick<Subject, 'investor' | 'context'>,
): ReadonlySet<number | string> {
  const texts = [product, context].flatMap((inputs) => Object.values(inputs)).flatMap(scalars)
  const figures = Object.values(investor)
    .flatMap(scalars)
    .filter((value) => typeof value === 'number')
  const literals = rules.flatMap(({ applies, permits }) =>
    [applies, permits].flatMap((condition) => (condition === null ? [] : literalsIn(condition.expression))),
  )
  return new Set([...texts, ...figures, ...literals])
}

const scalars = (value: InputValue): readonly (number | string)[] =>
  typeof value === 'number' || typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? [...value]
      : []

function literalsIn(node: Expression | Operand): readonly (number | string)[] {
  switch (node.op) {
    case 'and':
    case 'or':
    case 'compare':
      return [...literalsIn(node.left), ...literalsIn(node.right)]
    case 'not':
    case 'truth':
      return literalsIn(node.of)
    case 'if':
      return [node.test, node.then, node.else].flatMap(literalsIn)
    case 'literal':
      return typeof node.value === 'boolean' ? [] : [node.value]
    case 'list':
      return node.values.filter((value) => typeof value !== 'boolean')
    case 'name':
      return []
  }
}
