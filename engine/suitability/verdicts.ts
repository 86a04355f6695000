import { createHash } from 'node:crypto'
import { type Withheld } from '../decision.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import {
  type Bitset,
  andBits,
  bitsWhere,
  bytesOfBits,
  countBits,
  emptyBits,
  fullBits,
  hasBit,
  orBits,
  withoutBits,
} from './bitset.js'
import { compileExpression } from './compileExpression.js'
import { type ProductInputs, type Subject, productInputsOf } from './inputs.js'
import { type Condition, type Pack, type Rule } from './pack.js'
import { packInForce, packNotInForce, rulesFor } from './rulesFor.js'
import { type Inputs } from './vocabulary.js'

/** The products of which a rule says something. */
export type Ruled = { readonly ruleId: string; readonly bits: Bitset }

/** What the rules say of every product of a catalogue, for one class of subjects. Shared, so never written to. */
export type Verdicts = {
  /** Those that no rule excludes; some of them may want confirmations first. */
  readonly permitted: Bitset
  readonly permittedCount: number
  /** One entry a rule in force, in the pack's order: the products that it excludes. */
  readonly blockedBy: readonly Ruled[]
  /** One entry a rule that warns and is in force: the products that want its confirmations, permitted or not. */
  readonly warnedBy: readonly Ruled[]
  readonly withheld: Withheld
  /** SHA-256 over each rule's id and bits in order, blocking before warning, then `permitted` and the permitted bits. */
  readonly digest: Digest
}

/** A pack compiled against a catalogue. */
export type Compiled = {
  readonly inputs: readonly ProductInputs[]
  judge(subject: Subject): Verdicts
}

/** The rules that exclude a product, in the pack's order; none means permitted. */
export const whyNot = ({ blockedBy }: Verdicts, ordinal: number): readonly string[] => rulesAt(blockedBy, ordinal)

/** The rules whose confirmations a product wants, in the pack's order. */
export const whyWarned = ({ warnedBy }: Verdicts, ordinal: number): readonly string[] => rulesAt(warnedBy, ordinal)

const rulesAt = (ruled: readonly Ruled[], ordinal: number): readonly string[] =>
  ruled.filter(({ bits }) => hasBit(bits, ordinal)).map(({ ruleId }) => ruleId)

const compiled = new WeakMap<Catalogue, Map<Digest, Compiled>>()

/** Compiles once for each catalogue and pack; later calls return the same. */
export function compiledFor(catalogue: Catalogue, pack: Pack): Compiled {
  let packs = compiled.get(catalogue)
  if (packs === undefined) compiled.set(catalogue, (packs = new Map<Digest, Compiled>()))
  let found = packs.get(pack.digest)
  if (found === undefined) packs.set(pack.digest, (found = compilePack(catalogue.products, pack)))
  return found
}

/** Verdicts kept for reuse: each holds a bitset a rule (3 KB each at 26,000 products). */
const maxClasses = 512

export const compilePack = (products: readonly Product[], pack: Pack): Compiled =>
  compileInputs(
    products.map((product) => inputsFor(product, pack.timeZone)),
    pack,
  )

/** The same, of products that were made inputs already: [n], in catalogue order. */
export function compileInputs(inputs: readonly ProductInputs[], pack: Pack): Compiled {
  const size = inputs.length
  const rules = new Map(pack.rules.map((rule) => [rule, compileRule(rule, inputs)]))
  const classes = new Map<string, Verdicts>()
  return {
    inputs,
    judge: (subject) => {
      if (!packInForce(pack, subject)) {
        const all = {
          ruleId: packNotInForce,
          effect: 'block',
          lacking: emptyBits(size),
          unmet: fullBits(size),
        } as const
        return verdictsOf([all], size)
      }
      const applying = rulesFor(pack, subject).filter((rule) => rule.effect !== 'non-personal')
      const key = applying.map((rule) => `${rule.id}:${rules.get(rule)?.key(subject)}`).join(';')
      const known = classes.get(key)
      if (known !== undefined) return known
      if (classes.size >= maxClasses) classes.delete(classes.keys().next().value ?? '')
      const judged = applying.map((rule): Judged => {
        const compiledRule = rules.get(rule)
        if (compiledRule === undefined) throw new Error(`rule ${rule.id} was not compiled`)
        return { ruleId: rule.id, effect: rule.effect, ...compiledRule.judge(subject) }
      })
      const verdicts = verdictsOf(judged, size)
      classes.set(key, verdicts)
      return verdicts
    },
  }
}

const inputsCache = new Map<string, WeakMap<Product, ProductInputs>>()

/** A product's inputs depend on nothing but the product and the zone, and most products outlive a revision. */
function inputsFor(product: Product, timeZone: string): ProductInputs {
  let cache = inputsCache.get(timeZone)
  if (cache === undefined) inputsCache.set(timeZone, (cache = new WeakMap()))
  let inputs = cache.get(product)
  if (inputs === undefined) cache.set(product, (inputs = productInputsOf(product, timeZone)))
  return inputs
}

/** Products that cannot be judged, for an input that excludes is unknown; and products of which the condition is false. */
type Failing = { readonly lacking: Bitset; readonly unmet: Bitset }
type Judged = Failing & { readonly ruleId: string; readonly effect: Rule['effect'] }

type CompiledRule = {
  readonly key: (subject: Subject) => string
  readonly judge: (subject: Subject) => Failing
}

/** Whether it applies cannot be known, or it applies and does not permit. */
function compileRule(rule: Rule, inputs: readonly Inputs[]): CompiledRule {
  const permits = compileCondition(rule, rule.permits, inputs)
  if (rule.applies === null) return { key: permits.key, judge: permits.failing }
  const applies = compileCondition(rule, rule.applies, inputs)
  return {
    key: (subject) => `${applies.key(subject)}/${permits.key(subject)}`,
    judge: (subject) => {
      const { unknown, holding } = applies.state(subject)
      const { lacking, unmet } = permits.failing(subject)
      return { lacking: orBits(unknown, andBits(holding, lacking)), unmet: andBits(holding, unmet) }
    },
  }
}

type CompiledCondition = {
  readonly key: (subject: Subject) => string
  /** Products of which an input is unknown and excludes, and those for which the condition is known to hold. */
  readonly state: (subject: Subject) => { readonly unknown: Bitset; readonly holding: Bitset }
  readonly failing: (subject: Subject) => Failing
}

function compileCondition(rule: Rule, { expression, names }: Condition, inputs: readonly Inputs[]): CompiledCondition {
  const size = inputs.length
  const condition = compileExpression(expression, inputs)
  const exempt = (entity: string, field: string): boolean => rule.whenMissing[`${entity}.${field}`] !== undefined
  const lacking = (ordinal: number, exempted: boolean): boolean =>
    names.some(
      ({ entity, field }) =>
        entity === 'product' && exempt(entity, field) === exempted && inputs[ordinal]?.[field] === null,
    )
  const excluded = bitsWhere(size, (ordinal) => lacking(ordinal, false))
  const notApplicable = bitsWhere(size, (ordinal) => lacking(ordinal, true))
  const full = fullBits(size)
  const none = emptyBits(size)
  /** '' all known, 'x' an input of the subject is unknown and excludes, 'n' one is unknown and the rule does not apply. */
  const unknownOf = (subject: Subject): '' | 'x' | 'n' => {
    const unknown = names.filter(
      ({ entity, field }) => entity !== 'product' && (subject[entity] as Inputs)[field] === null,
    )
    return unknown.length === 0 ? '' : unknown.some(({ entity, field }) => !exempt(entity, field)) ? 'x' : 'n'
  }
  const holdingOf = (subject: Subject): Bitset => {
    const bits = condition.bits(subject)
    return typeof bits === 'boolean' ? (bits ? full : none) : bits
  }
  return {
    key: (subject) => unknownOf(subject) || condition.keys.map((key) => key(subject)).join(','),
    state: (subject) => {
      const unknown = unknownOf(subject)
      if (unknown === 'x') return { unknown: full, holding: none }
      if (unknown === 'n') return { unknown: excluded, holding: none }
      return { unknown: excluded, holding: withoutBits(withoutBits(holdingOf(subject), excluded), notApplicable) }
    },
    failing: (subject) => {
      const unknown = unknownOf(subject)
      if (unknown === 'x') return { lacking: full, unmet: none }
      if (unknown === 'n') return { lacking: excluded, unmet: none }
      const known = withoutBits(withoutBits(full, excluded), notApplicable)
      return { lacking: excluded, unmet: withoutBits(known, holdingOf(subject)) }
    },
  }
}

function verdictsOf(judged: readonly Judged[], size: number): Verdicts {
  // A warning that cannot be judged excludes, as any rule does.
  const blockedBy = judged.map(({ ruleId, effect, lacking, unmet }): Ruled => {
    return { ruleId, bits: effect === 'warn' ? lacking : orBits(lacking, unmet) }
  })
  const warnedBy = judged.flatMap(({ ruleId, effect, unmet }): Ruled[] =>
    effect === 'warn' ? [{ ruleId, bits: unmet }] : [],
  )
  const union = blockedBy.reduce((all, { bits }) => orBits(all, bits), emptyBits(size))
  const permitted = withoutBits(fullBits(size), union)
  const byRule = Object.fromEntries(
    blockedBy.map(({ ruleId, bits }) => [ruleId, countBits(bits)] as const).filter(([, count]) => count > 0),
  )
  const hash = createHash('sha256')
  for (const { ruleId, bits } of [...blockedBy, ...warnedBy, { ruleId: 'permitted', bits: permitted }])
    hash.update(`${ruleId}\0`).update(bytesOfBits(bits))
  return {
    permitted,
    permittedCount: countBits(permitted),
    blockedBy,
    warnedBy,
    withheld: { total: countBits(union), byRule },
    digest: `sha256:${hash.digest('hex')}` as Digest,
  }
}
