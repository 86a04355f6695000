import { type Bitset, hasBit, setBit, wordsFor } from './bitset.js'
import { type InputValue, type Inputs } from './vocabulary.js'

/**
 * A field of all products in ascending order of its values, ties by ordinal; unknown values are left out, a list has an
 * entry a member. A position among the entries says which products compare how with a value, so positions, and not
 * values, tell classes of subjects apart. Immutable.
 */
export type Column = {
  readonly ordinals: Uint32Array
  readonly values: readonly Value[]
  /** Of numbers: the ordinals of the first 0, `stride`, 2 × `stride`, … entries as bits. */
  readonly prefixes: readonly Bitset[]
}
export type Value = string | number

/** What of a catalogue changed against the one before. */
export type Changes = {
  /** Ascending: changed products, and all that were appended. */
  readonly ordinals: readonly number[]
  readonly changed: Bitset
  /** Fields that differ in a product that was there before. */
  readonly fields: ReadonlySet<string>
  readonly grown: boolean
}

const stride = 512

export function makeColumn(field: string, inputs: readonly Inputs[]): Column {
  const entries = new Map<Value, number[]>()
  inputs.forEach((product, ordinal) => {
    for (const value of valuesOf(product[field] ?? null)) {
      const ordinals = entries.get(value)
      if (ordinals === undefined) entries.set(value, [ordinal])
      else ordinals.push(ordinal)
    }
  })
  const ascending = [...entries].sort(([a], [b]) => compare(a, b))
  const values = ascending.flatMap(([value, ordinals]) => ordinals.map(() => value))
  return columnOf(Uint32Array.from(ascending.flatMap(([, ordinals]) => ordinals)), values, inputs.length)
}

/** The same column after changes: one pass, in which the entries of changed products are put in at their new places. */
export function remakeColumn(field: string, old: Column, inputs: readonly Inputs[], changes: Changes): Column {
  if (!changes.grown && !changes.fields.has(field)) return old
  const moved = changes.ordinals
    .flatMap((ordinal) => valuesOf(inputs[ordinal]?.[field] ?? null).map((value) => ({ value, ordinal })))
    .sort((a, b) => compare(a.value, b.value) || a.ordinal - b.ordinal)
  const ordinals: number[] = []
  const values: Value[] = []
  const put = (value: Value, ordinal: number): void => {
    values.push(value)
    ordinals.push(ordinal)
  }
  let next = 0
  old.values.forEach((value, entry) => {
    const ordinal = old.ordinals[entry] ?? 0
    if (hasBit(changes.changed, ordinal)) return
    for (let to = moved[next]; to !== undefined && precedes(to, value, ordinal); to = moved[++next])
      put(to.value, to.ordinal)
    put(value, ordinal)
  })
  for (const to of moved.slice(next)) put(to.value, to.ordinal)
  return columnOf(Uint32Array.from(ordinals), values, inputs.length)
}

const precedes = (to: { value: Value; ordinal: number }, value: Value, ordinal: number): boolean =>
  (compare(to.value, value) || to.ordinal - ordinal) < 0

function columnOf(ordinals: Uint32Array, values: readonly Value[], size: number): Column {
  const prefixes: Bitset[] = []
  if (typeof values[0] === 'number') {
    const bits = new Uint32Array(wordsFor(size))
    for (let entry = 0; entry <= ordinals.length; entry++) {
      if (entry % stride === 0) prefixes.push(bits.slice())
      if (entry < ordinals.length) setBit(bits, ordinals[entry] ?? 0)
    }
  }
  return { ordinals, values, prefixes }
}

/** A scalar or a list as the values that a column keeps: truth as 0 and 1, each member once. */
function valuesOf(value: InputValue): readonly Value[] {
  if (value === null) return []
  if (Array.isArray(value)) return [...new Set(value as readonly Value[])]
  return [columnValue(value as string | number | boolean)]
}

export const columnValue = (value: string | number | boolean): Value =>
  typeof value === 'boolean' ? Number(value) : value

/** Texts in code-unit order, the same on every machine. A column holds numbers alone or texts alone. */
const compare = (a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)

/** How many entries have a value below the bound, or up to it. */
export function positionOf({ values }: Column, bound: Value, upTo: boolean): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compare(values[middle] ?? bound, bound)
    if (upTo ? order <= 0 : order < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Writes the products of the first `position` entries of a column of numbers. */
export function writePrefix({ ordinals, prefixes }: Column, position: number, into: Bitset): void {
  const whole = Math.floor(position / stride)
  const prefix = prefixes[whole]
  // A column without a single known value has no prefixes.
  if (prefix === undefined) into.fill(0)
  else into.set(prefix)
  for (let entry = whole * stride; entry < position; entry++) setBit(into, ordinals[entry] ?? 0)
}

/** Adds the products whose value equals that of the entry at `position`, the first of its value. */
export function addEqual({ ordinals, values }: Column, position: number, into: Bitset): void {
  const value = values[position]
  for (let entry = position; entry < values.length && values[entry] === value; entry++)
    setBit(into, ordinals[entry] ?? 0)
}
