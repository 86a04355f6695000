import { type Product } from '../../features/schema/product.js'
import { emptyBits } from './bitset.js'
import { type Changes } from './column.js'
import { type CompiledRule, type Row, compileRule } from './compileRule.js'
import { type ProductInputs, type Subject } from './inputs.js'
import { type Pack } from './pack.js'
import { Recent } from './recent.js'
import { packInForce, rulesFor } from './rulesFor.js'
import { type Tables, TablesAsked, makeTables, remakeTables } from './tables.js'
import { type InputValue, type Inputs } from './vocabulary.js'

/** A pack's rules compiled, whatever the catalogue. */
export type Plan = {
  readonly pack: Pack
  readonly asked: TablesAsked
  /** Those that exclude or warn, in the pack's order. */
  readonly rules: readonly CompiledRule[]
}

/** A plan with its tables over the products of a catalogue. */
export type Compilation = {
  readonly plan: Plan
  /** In catalogue order. */
  readonly inputs: readonly ProductInputs[]
  readonly tables: Tables
  /** By the places of the plan's rules: what each said lately. */
  readonly rows: readonly Recent<Row>[]
}

const plans = new WeakMap<Pack, Plan>()

function planOf(pack: Pack): Plan {
  let plan = plans.get(pack)
  if (plan === undefined) {
    const asked = new TablesAsked()
    const judging = pack.rules.filter(({ effect }) => effect !== 'non-personal')
    plans.set(pack, (plan = { pack, asked, rules: judging.map((rule) => compileRule(rule, asked)) }))
  }
  return plan
}

/** Rules in force together; equal numbers, equal rules. */
export type InForce = { readonly number: number; readonly rules: readonly { place: number; compiled: CompiledRule }[] }

/** The rules that judge a subject, null where the pack judges nothing; found once for each day and initiation. */
export function inForceOf({ pack, rules }: Plan): (subject: Subject) => InForce | null {
  const days = new Map<string, InForce | null>()
  const sets = new Map<string, InForce>()
  const find = (subject: Subject): InForce | null => {
    if (!packInForce(pack, subject)) return null
    const applying = new Set(rulesFor(pack, subject))
    const found = rules.flatMap((compiled, place) => (applying.has(compiled.rule) ? [{ place, compiled }] : []))
    const key = found.map(({ place }) => place).join()
    const known = sets.get(key) ?? { number: sets.size, rules: found }
    sets.set(key, known)
    return known
  }
  return (subject) => {
    const key = `${subject.today} ${String(subject.context.initiation)}`
    const known = days.get(key)
    if (known !== undefined) return known
    const found = find(subject)
    // A replay of years must not fill the memory.
    if (days.size >= 64) days.clear()
    days.set(key, found)
    return found
  }
}

/** Bytes of bits that the rows of one rule may hold. */
const rowsBytes = 1 << 20
const emptyRows = (size: number): Recent<Row> =>
  new Recent(Math.max(16, Math.min(1024, Math.floor(rowsBytes / (2 * emptyBits(size).byteLength + 1)))))

export function compilationOf(pack: Pack, inputs: readonly ProductInputs[]): Compilation {
  const plan = planOf(pack)
  return { plan, inputs, tables: makeTables(plan.asked, inputs), rows: plan.rules.map(() => emptyRows(inputs.length)) }
}

/** The compilation of a catalogue that differs from that of `base` by `changes`; `base` stays as it was. */
export function compilationAfter(base: Compilation, inputs: readonly ProductInputs[], changes: Changes): Compilation {
  const { plan } = base
  const same = ({ rule }: CompiledRule): boolean =>
    !changes.grown &&
    ![...(rule.applies?.names ?? []), ...rule.permits.names].some(
      ({ entity, field }) => entity === 'product' && changes.fields.has(field),
    )
  return {
    plan,
    inputs,
    tables: remakeTables(plan.asked, base.tables, base.inputs, inputs, changes),
    // A rule that reads nothing of what changed says the same of the same class.
    rows: plan.rules.map((rule, place) => (same(rule) && base.rows[place]) || emptyRows(inputs.length)),
  }
}

/** What the products of a later catalogue differ in; null where they do not continue the earlier ones. */
export function changedOrdinals(before: readonly Product[], after: readonly Product[]): readonly number[] | null {
  if (after.length < before.length) return null
  const ordinals: number[] = []
  for (let ordinal = 0; ordinal < after.length; ordinal++)
    if (after[ordinal] !== before[ordinal]) ordinals.push(ordinal)
  return ordinals
}

export function changesOf(
  ordinals: readonly number[],
  before: readonly ProductInputs[],
  after: readonly ProductInputs[],
): Changes {
  const fields = new Set<string>()
  for (const ordinal of ordinals) {
    const [old, now]: readonly (Inputs | undefined)[] = [before[ordinal], after[ordinal]]
    if (old === undefined || now === undefined) continue
    for (const field of Object.keys(now)) if (!sameValue(old[field] ?? null, now[field] ?? null)) fields.add(field)
  }
  return { ordinals, fields, grown: after.length > before.length }
}

const sameValue = (a: InputValue, b: InputValue): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((member, index) => member === b[index]))
