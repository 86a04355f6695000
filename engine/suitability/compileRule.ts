import { andInto, countBits, emptyBits, orInto, type Bitset } from './bitset.js'
import { type ClassVector } from './classVector.js'
import { compileExpression, type Registers } from './compileExpression.js'
import { type Subject } from './inputs.js'
import { type Condition, type Rule } from './pack.js'
import { type Predicate, type Tables, type TablesAsked } from './tables.js'
import { type Inputs } from './vocabulary.js'

/** The products of which a rule says something. */
export type Ruled = { readonly ruleId: string; readonly bits: Bitset }

/** What one rule says of all products. Shared by the verdicts of many classes, so never written to. */
export type Row = {
  readonly blocked: Ruled
  readonly blockedCount: number
  /** Null for a rule that does not warn. */
  readonly warned: Ruled | null
}

/** A rule compiled, whatever the catalogue. */
export type CompiledRule = {
  readonly rule: Rule
  readonly classify: (subject: Subject, tables: Tables, vector: ClassVector) => void
  /** Reads what `classify` wrote. */
  readonly row: (vector: ClassVector, tables: Tables, registers: Registers) => Row
}

export function compileRule(rule: Rule, asked: TablesAsked): CompiledRule {
  const failing = rule.applies === null ? alwaysApplying(rule, asked) : applyingIf(rule, rule.applies, asked)
  const ruleId = rule.id
  return {
    rule,
    classify: failing.classify,
    row: (vector, tables, registers) => {
      const { lacking, unmet } = failing.evaluate(vector, tables, registers)
      // A warning that cannot be judged excludes, as any rule does.
      const warns = rule.effect === 'warn'
      if (!warns) orInto(lacking, unmet)
      return {
        blocked: { ruleId, bits: lacking },
        blockedCount: countBits(lacking),
        warned: warns ? { ruleId, bits: unmet } : null,
      }
    },
  }
}

/** Products that cannot be judged, for an input that excludes is unknown; and products of which the condition is false. */
type Failing = {
  readonly classify: CompiledRule['classify']
  readonly evaluate: (
    vector: ClassVector,
    tables: Tables,
    registers: Registers,
  ) => { readonly lacking: Bitset; readonly unmet: Bitset }
}

function alwaysApplying(rule: Rule, asked: TablesAsked): Failing {
  const permits = compileCondition(rule, rule.permits, asked)
  return {
    classify: permits.classify,
    evaluate: (vector, tables, registers) => {
      const [holds, unmet] = [registers.at(0), emptyBits(tables.size)]
      const lacking = permits.evaluate(vector, tables, registers, 1, holds, unmet).slice()
      return { lacking, unmet }
    },
  }
}

/** Whether it applies cannot be known, or it applies and does not permit. */
function applyingIf(rule: Rule, condition: Condition, asked: TablesAsked): Failing {
  const applies = compileCondition(rule, condition, asked)
  const permits = compileCondition(rule, rule.permits, asked)
  return {
    classify: (subject, tables, vector) => {
      applies.classify(subject, tables, vector)
      // Where it applies to no product, whatever it permits makes no difference, and divides no classes.
      if (!applies.ofSubject || vector.written === yes) permits.classify(subject, tables, vector)
    },
    evaluate: (vector, tables, registers) => {
      const [applying, other, unmet] = [registers.at(0), registers.at(1), emptyBits(tables.size)]
      const unknown = applies.evaluate(vector, tables, registers, 2, applying, other).slice()
      if (applies.ofSubject && vector.lastRead !== yes) return { lacking: unknown, unmet }
      const lacking = registers.at(1)
      lacking.set(permits.evaluate(vector, tables, registers, 2, other, unmet))
      andInto(lacking, applying)
      orInto(lacking, unknown)
      andInto(unmet, applying)
      return { lacking: lacking.slice(), unmet }
    },
  }
}

/** What is written before an expression's own numbers, which are 0 or 1 where it reads the subject alone. */
const yes = 1
/** An input of the subject is unknown: it excludes, or the rule does not apply; or all are known. */
const state = { excludes: 2, exempts: 3, known: 4 } as const

type CompiledCondition = {
  readonly ofSubject: boolean
  readonly classify: CompiledRule['classify']
  /**
   * Writes the products of which the condition is known to hold, and to fail; those of which an unknown input excludes
   * are the answer, which is shared. Registers from `depth` on are written to.
   */
  readonly evaluate: (
    vector: ClassVector,
    tables: Tables,
    registers: Registers,
    depth: number,
    holds: Bitset,
    fails: Bitset,
  ) => Bitset
}

function compileCondition(rule: Rule, { expression, names }: Condition, asked: TablesAsked): CompiledCondition {
  const compiled = compileExpression(expression, asked)
  const exempt = (entity: string, field: string): boolean => rule.whenMissing[`${entity}.${field}`] !== undefined
  const ofProduct = names.filter(({ entity }) => entity === 'product').map(({ field }) => field)
  const excluding = asked.bits(anyUnknown(ofProduct.filter((field) => !exempt('product', field))))
  const known = asked.bits(allKnown(ofProduct))
  const ofSubject = names.flatMap(({ entity, field }) =>
    entity === 'product' ? [] : [{ entity, field, exempted: exempt(entity, field) }],
  )
  const stateOf = (subject: Subject): number => {
    let found: number = state.known
    for (const { entity, field, exempted } of ofSubject) {
      if ((subject[entity] as Inputs)[field] !== null) continue
      if (!exempted) return state.excludes
      found = state.exempts
    }
    return found
  }
  return {
    ofSubject: compiled.ofSubject,
    classify: (subject, tables, vector) => {
      const found = stateOf(subject)
      vector.write(found)
      if (found === state.known) compiled.classify(subject, tables, vector)
    },
    evaluate: (vector, tables, registers, depth, holds, fails) => {
      const found = vector.read()
      holds.fill(0)
      fails.fill(0)
      const unknown = tables.bits[excluding] ?? tables.full
      if (found !== state.known) return found === state.excludes ? tables.full : unknown
      const truth = compiled.evaluate(vector, tables, registers, depth)
      const all = tables.bits[known] ?? tables.none
      if (truth === null) split(registers.at(depth), all, holds, fails)
      else if (truth) holds.set(all)
      else fails.set(all)
      return unknown
    },
  }
}

/** Those of `all` that are in `bits`, and those that are not. */
function split(bits: Bitset, all: Bitset, holds: Bitset, fails: Bitset): void {
  for (let word = 0; word < bits.length; word++) {
    holds[word] = (bits[word] ?? 0) & (all[word] ?? 0)
    fails[word] = ~(bits[word] ?? 0) & (all[word] ?? 0)
  }
}

const anyUnknown = (fields: readonly string[]): Predicate => ({
  id: `unknown ${fields.join()}`,
  fields,
  holds: (product) => fields.some((field) => product[field] === null),
})

const allKnown = (fields: readonly string[]): Predicate => ({
  id: `known ${fields.join()}`,
  fields,
  holds: (product) => fields.every((field) => product[field] !== null),
})
