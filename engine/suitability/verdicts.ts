import { createHash } from 'node:crypto'
import { type Withheld } from '../decision.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import {
  type Bitset,
  bitsWhere,
  bytesOfBits,
  countBits,
  emptyBits,
  fullBits,
  hasBit,
  orBits,
  withoutBits,
} from './bitset.js'
import { type CompiledExpression, compileExpression } from './compileExpression.js'
import { type ProductInputs, type Subject, productInputsOf } from './inputs.js'
import { type Pack, type Rule } from './pack.js'
import { packInForce, packNotInForce, rulesFor } from './rulesFor.js'
import { type Inputs } from './vocabulary.js'

/** What the rules say of every product of a catalogue, for one class of subjects. Shared, so never written to. */
export type Verdicts = {
  readonly permitted: Bitset
  readonly permittedCount: number
  /** One entry a rule in force, in the pack's order: the products that it excludes. */
  readonly blockedBy: readonly { readonly ruleId: string; readonly bits: Bitset }[]
  readonly withheld: Withheld
  /** SHA-256 over each rule's id and bits in order, then `permitted` and the permitted bits. */
  readonly digest: Digest
}

/** A pack compiled against a catalogue. */
export type Compiled = {
  readonly inputs: readonly ProductInputs[]
  judge(subject: Subject): Verdicts
}

/** The rules that exclude a product, in the pack's order; none means permitted. */
export const whyNot = (verdicts: Verdicts, ordinal: number): readonly string[] =>
  verdicts.blockedBy.filter(({ bits }) => hasBit(bits, ordinal)).map(({ ruleId }) => ruleId)

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

export function compilePack(products: readonly Product[], pack: Pack): Compiled {
  const inputs = products.map((product) => inputsFor(product, pack.timeZone))
  const rules = new Map(pack.rules.map((rule) => [rule, compileRule(rule, inputs)]))
  const classes = new Map<string, Verdicts>()
  return {
    inputs,
    judge: (subject) => {
      if (!packInForce(pack, subject.today))
        return verdictsOf([[packNotInForce, fullBits(products.length)]], products.length)
      const applying = rulesFor(pack, subject).filter((rule) => rule.effect === 'block')
      const key = applying.map((rule) => `${rule.id}:${rules.get(rule)?.key(subject)}`).join(';')
      const known = classes.get(key)
      if (known !== undefined) return known
      if (classes.size >= maxClasses) classes.delete(classes.keys().next().value ?? '')
      const blocked = applying.map((rule): readonly [string, Bitset] => [
        rule.id,
        rules.get(rule)?.blocked(subject) ?? fullBits(products.length),
      ])
      const verdicts = verdictsOf(blocked, products.length)
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

type CompiledRule = { key(subject: Subject): string; blocked(subject: Subject): Bitset }

function compileRule(rule: Rule, inputs: readonly Inputs[]): CompiledRule {
  const size = inputs.length
  const condition: CompiledExpression = compileExpression(rule.expression, inputs)
  const exempt = (entity: string, field: string): boolean => rule.whenMissing[`${entity}.${field}`] !== undefined
  const lacking = (ordinal: number, exempted: boolean): boolean =>
    rule.names.some(
      ({ entity, field }) =>
        entity === 'product' && exempt(entity, field) === exempted && inputs[ordinal]?.[field] === null,
    )
  const excluded = bitsWhere(size, (ordinal) => lacking(ordinal, false))
  const notApplicable = bitsWhere(size, (ordinal) => lacking(ordinal, true))
  const full = fullBits(size)
  /** '' all known, 'x' an input is unknown and excludes, 'n' an input is unknown and the rule does not apply. */
  const unknown = (subject: Subject): '' | 'x' | 'n' => {
    const names = rule.names.filter(
      ({ entity, field }) => entity !== 'product' && (subject[entity] as Inputs)[field] === null,
    )
    return names.length === 0 ? '' : names.some(({ entity, field }) => !exempt(entity, field)) ? 'x' : 'n'
  }
  return {
    key: (subject) => unknown(subject) || condition.keys.map((key) => key(subject)).join(','),
    blocked: (subject) => {
      const state = unknown(subject)
      if (state === 'x') return full
      if (state === 'n') return excluded
      const holding = condition.bits(subject)
      const failing = holding === true ? emptyBits(size) : holding === false ? full : withoutBits(full, holding)
      return orBits(excluded, withoutBits(failing, notApplicable))
    },
  }
}

function verdictsOf(blocked: readonly (readonly [string, Bitset])[], size: number): Verdicts {
  const union = blocked.reduce((all, [, bits]) => orBits(all, bits), emptyBits(size))
  const permitted = withoutBits(fullBits(size), union)
  const byRule = Object.fromEntries(
    blocked.map(([ruleId, bits]) => [ruleId, countBits(bits)] as const).filter(([, count]) => count > 0),
  )
  const hash = createHash('sha256')
  for (const [ruleId, bits] of [...blocked, ['permitted', permitted] as const])
    hash.update(`${ruleId}\0`).update(bytesOfBits(bits))
  return {
    permitted,
    permittedCount: countBits(permitted),
    blockedBy: blocked.map(([ruleId, bits]) => ({ ruleId, bits })),
    withheld: { total: countBits(union), byRule },
    digest: `sha256:${hash.digest('hex')}` as Digest,
  }
}
