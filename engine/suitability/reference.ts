import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { type Params } from '../decision.js'
import { type Name } from './expression.js'
import { type Subject } from './inputs.js'
import { type Condition, type Pack, type Rule } from './pack.js'
import { packInForce, packNotInForce, rulesFor } from './rulesFor.js'
import { type InputValue, type Inputs } from './vocabulary.js'

/**
 * Why a rule does not permit: its condition is false (`unmet`), an input that it reads is unknown (`missing`), or it
 * could not be judged (`RULE-ERROR`), which excludes too. The words come from the pack's messages.
 */
export type Finding = {
  readonly ruleId: string
  readonly code: 'unmet' | 'missing' | 'RULE-ERROR'
  readonly params: Params
}

type Judged = boolean | Finding | null
type Evaluate = (bindings: Record<string, CelInput>) => unknown

/**
 * The reference: each rule judged by the CEL library's own evaluator, code that nobody here wrote. Slow (µs a rule),
 * so it checks slates and explains single products; the compiler of bitsets is held to it by tests and at each answer.
 */
export type Reference = {
  /** Why one product is excluded by the rules in force for a subject; none means permitted. */
  findings(product: Inputs, subject: Subject): readonly Finding[]
  /** The rules whose confirmations it wants before it is bought. */
  warnings(product: Inputs, subject: Subject): readonly Finding[]
  /** Whether one rule's condition holds; `product` may be null for a rule that reads none. */
  judge(rule: Rule, product: Inputs | null, subject: Subject): Finding | null
}

const references = new WeakMap<Pack, Reference>()

/** Planned once a pack. */
export function referenceFor(pack: Pack): Reference {
  let reference = references.get(pack)
  if (reference === undefined) references.set(pack, (reference = referenceOf(pack)))
  return reference
}

export function referenceOf(pack: Pack): Reference {
  const env = celEnv()
  const evaluators = new Map<Condition, Evaluate>(
    pack.rules
      .flatMap(({ applies, permits }) => (applies === null ? [permits] : [applies, permits]))
      .map((condition) => [condition, plan(env, parse(condition.text).expr) as unknown as Evaluate]),
  )
  const bindings = new WeakMap<Inputs, CelInput>()
  const bind = (inputs: Inputs): CelInput => {
    const known = bindings.get(inputs)
    if (known !== undefined) return known
    const bound = new Map(Object.entries(inputs).map(([name, value]) => [name, celInput(value)])) as CelInput
    bindings.set(inputs, bound)
    return bound
  }
  /** A condition that reads no product is the same for all of a slate: judged once a subject. */
  const ofSubject = new WeakMap<Subject, Map<Condition, Judged>>()
  const holds = (rule: Rule, condition: Condition, product: Inputs | null, subject: Subject): Judged => {
    if (condition.names.some(({ entity }) => entity === 'product')) return evaluate(rule, condition, product, subject)
    let known = ofSubject.get(subject)
    if (known === undefined) ofSubject.set(subject, (known = new Map<Condition, Judged>()))
    let judged = known.get(condition)
    if (judged === undefined) known.set(condition, (judged = evaluate(rule, condition, product, subject)))
    return judged
  }
  /** True, false, a finding where it cannot be judged, or null where an unknown input makes the rule not apply. */
  const evaluate = (rule: Rule, condition: Condition, product: Inputs | null, subject: Subject): Judged => {
    let notApplicable = false
    for (const name of condition.names) {
      if (valueOf(name, product, subject) !== null) continue
      const input = `${name.entity}.${name.field}`
      if (rule.whenMissing[input] === undefined) return { ruleId: rule.id, code: 'missing', params: { input } }
      notApplicable = true
    }
    if (notApplicable) return null
    const result = evaluators.get(condition)?.({
      product: bind(product ?? {}),
      investor: bind(subject.investor),
      context: bind(subject.context),
    })
    if (typeof result === 'boolean') return result
    const said = isCelError(result) ? result.message : `not a truth value: ${String(result)}`
    return { ruleId: rule.id, code: 'RULE-ERROR', params: { error: said } }
  }
  const judge = (rule: Rule, product: Inputs | null, subject: Subject): Finding | null => {
    const applies = rule.applies === null ? true : holds(rule, rule.applies, product, subject)
    if (applies === false || applies === null) return null
    if (applies !== true) return applies
    const permits = holds(rule, rule.permits, product, subject)
    if (permits === true || permits === null) return null
    return permits === false ? { ruleId: rule.id, code: 'unmet', params: paramsOf(rule, product, subject) } : permits
  }
  const inForce = new WeakMap<Subject, readonly Rule[]>()
  const rulesOf = (subject: Subject): readonly Rule[] => {
    let rules = inForce.get(subject)
    if (rules === undefined)
      inForce.set(subject, (rules = rulesFor(pack, subject).filter(({ effect }) => effect !== 'non-personal')))
    return rules
  }
  const found = (product: Inputs, subject: Subject, warning: boolean): readonly Finding[] =>
    rulesOf(subject).flatMap((rule) => {
      if (warning && rule.effect !== 'warn') return []
      const finding = judge(rule, product, subject)
      // A warning that cannot be judged excludes, as any rule does.
      return finding !== null && (rule.effect === 'warn' && finding.code === 'unmet') === warning ? [finding] : []
    })
  return {
    judge,
    findings: (product, subject) =>
      packInForce(pack, subject)
        ? found(product, subject, false)
        : [{ ruleId: packNotInForce, code: 'unmet', params: {} }],
    warnings: (product, subject) => (packInForce(pack, subject) ? found(product, subject, true) : []),
  }
}

/** CEL keeps whole numbers and fractions apart; ours are whole, so they go in as BigInt. */
function celInput(value: InputValue): CelInput {
  if (typeof value === 'number') return BigInt(value)
  if (typeof value !== 'object' || value === null) return value
  return value.map((member) => (typeof member === 'number' ? BigInt(member) : member))
}

function valueOf({ entity, field }: Name, product: Inputs | null, subject: Subject): InputValue {
  const inputs: Inputs | null = entity === 'product' ? product : subject[entity]
  return inputs?.[field] ?? null
}

const namesOf = ({ applies, permits }: Rule): readonly Name[] => [...(applies?.names ?? []), ...permits.names]

/** The values that a rule read, by their full names. */
function paramsOf(rule: Rule, product: Inputs | null, subject: Subject): Params {
  const shown = (value: InputValue): string | number => (typeof value === 'number' ? value : String(value))
  return Object.fromEntries(
    namesOf(rule).map((name) => [`${name.entity}.${name.field}`, shown(valueOf(name, product, subject))]),
  )
}
