import { type Bitset, bitsWhere, clearBit, emptyBits, fullBits, grownBits, setBit } from './bitset.js'
import { type Changes, type Column, makeColumn, remakeColumn } from './column.js'
import { type Inputs } from './vocabulary.js'

/** A question that a product answers alone. Equal ids, equal questions. */
export type Predicate = {
  readonly id: string
  readonly fields: readonly string[]
  readonly holds: (product: Inputs) => boolean
}

/** What the rules of a pack ask of products, whatever the catalogue: each predicate and each field once. */
export class TablesAsked {
  readonly predicates: Predicate[] = []
  readonly fields: string[] = []

  /** The place of a predicate's bits among the tables. */
  bits(predicate: Predicate): number {
    const place = this.predicates.findIndex(({ id }) => id === predicate.id)
    return place >= 0 ? place : this.predicates.push(predicate) - 1
  }

  /** The place of a field's column among the tables. */
  column(field: string): number {
    const place = this.fields.indexOf(field)
    return place >= 0 ? place : this.fields.push(field) - 1
  }
}

/** The answers of all products of one catalogue. Immutable: tables after a change share what did not change. */
export type Tables = {
  readonly size: number
  readonly full: Bitset
  readonly none: Bitset
  /** By the places of the predicates asked. */
  readonly bits: readonly Bitset[]
  /** By the places of the fields asked. */
  readonly columns: readonly Column[]
}

export function makeTables({ predicates, fields }: TablesAsked, inputs: readonly Inputs[]): Tables {
  const size = inputs.length
  return {
    size,
    full: fullBits(size),
    none: emptyBits(size),
    bits: predicates.map(({ holds }) => bitsWhere(size, (ordinal) => holds(inputs[ordinal] ?? {}))),
    columns: fields.map((field) => makeColumn(field, inputs)),
  }
}

/** The tables of a catalogue that differs from an earlier one by `changes`: equal to those made anew. */
export function remakeTables(
  asked: TablesAsked,
  old: Tables,
  before: readonly Inputs[],
  inputs: readonly Inputs[],
  changes: Changes,
): Tables {
  const size = inputs.length
  return {
    size,
    full: changes.grown ? fullBits(size) : old.full,
    none: changes.grown ? emptyBits(size) : old.none,
    bits: asked.predicates.map((predicate, place) =>
      remakeBits(predicate, old.bits[place] ?? old.none, inputs, changes),
    ),
    columns: asked.fields.map((field, place) => {
      const column = old.columns[place]
      return column === undefined ? makeColumn(field, inputs) : remakeColumn(field, column, before, inputs, changes)
    }),
  }
}

function remakeBits({ fields, holds }: Predicate, old: Bitset, inputs: readonly Inputs[], changes: Changes): Bitset {
  if (!changes.grown && !fields.some((field) => changes.fields.has(field))) return old
  const bits = grownBits(old, inputs.length)
  for (const ordinal of changes.ordinals)
    if (holds(inputs[ordinal] ?? {})) setBit(bits, ordinal)
    else clearBit(bits, ordinal)
  return bits
}
