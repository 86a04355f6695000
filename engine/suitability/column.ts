import { type Bitset, setBit, wordsFor } from './bitset.js'
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

/** The same column after changes: cut where entries go and come, and the runs between copied whole. */
export function remakeColumn(
  field: string,
  old: Column,
  before: readonly Inputs[],
  after: readonly Inputs[],
  changes: Changes,
): Column {
  if (!changes.grown && !changes.fields.has(field)) return old
  const cuts = cutsOf(field, old, before, after, changes)
  const ordinals = new Uint32Array(cuts.reduce((sum, { entry }) => sum + (entry === null ? -1 : 1), old.values.length))
  const runs: Value[][] = []
  let [from, length] = [0, 0]
  const copyUpTo = (position: number): void => {
    if (position <= from) return
    runs.push(old.values.slice(from, position))
    ordinals.set(old.ordinals.subarray(from, position), length)
    length += position - from
    from = position
  }
  for (const { position, entry } of cuts) {
    copyUpTo(position)
    if (entry === null) from = position + 1
    else {
      runs.push([entry.value])
      ordinals[length++] = entry.ordinal
    }
  }
  copyUpTo(old.values.length)
  return columnOf(ordinals, ([] as Value[]).concat(...runs), after.length)
}

type Entry = { readonly value: Value; readonly ordinal: number }
/** Before the entry at `position` another is put in; or, without one, that entry goes. */
type Cut = { readonly position: number; readonly entry: Entry | null }

function cutsOf(
  field: string,
  old: Column,
  before: readonly Inputs[],
  after: readonly Inputs[],
  { ordinals }: Changes,
): readonly Cut[] {
  const cuts = ordinals.flatMap((ordinal): Cut[] => {
    const [was, is] = [before, after].map((inputs) => valuesOf(inputs[ordinal]?.[field] ?? null))
    const cutAt = (value: Value): number => placeOf(old, { value, ordinal })
    return [
      ...(was ?? []).filter((value) => !is?.includes(value)).map((value) => ({ position: cutAt(value), entry: null })),
      ...(is ?? [])
        .filter((value) => !was?.includes(value))
        .map((value) => ({ position: cutAt(value), entry: { value, ordinal } })),
    ]
  })
  return cuts.sort((a, b) => a.position - b.position || compareCuts(a.entry, b.entry))
}

/** What comes at one position is in order; whether it comes before or after what goes there makes no difference. */
const compareCuts = (a: Entry | null, b: Entry | null): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : compareEntries(a, b)

const compareEntries = (a: Entry, b: Entry): number => compare(a.value, b.value) || a.ordinal - b.ordinal

/** How many entries precede another. */
function placeOf({ values, ordinals }: Column, entry: Entry): number {
  return partition(
    values.length,
    (at) => compareEntries({ value: values[at] ?? entry.value, ordinal: ordinals[at] ?? 0 }, entry) < 0,
  )
}

/** The first of `length` places of which `precedes` is false, given that it is false of all after it. */
function partition(length: number, precedes: (at: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (precedes(middle)) low = middle + 1
    else high = middle
  }
  return low
}

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
export const positionOf = ({ values }: Column, bound: Value, upTo: boolean): number =>
  partition(values.length, (at) => {
    const order = compare(values[at] ?? bound, bound)
    return upTo ? order <= 0 : order < 0
  })

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
