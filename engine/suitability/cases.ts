import { LocalDate } from '../../features/schema/time.js'
import { hasBit } from './bitset.js'
import { type ContextInputs, type InvestorInputs, type ProductInputs, type Subject } from './inputs.js'
import { type Pack, type Rule, type RuleCase } from './pack.js'
import { type PackFaultAt } from './packFaults.js'
import { referenceOf } from './reference.js'
import { compileInputs } from './verdicts.js'
import { declarationOf, type Entity, entities, type InputValue } from './vocabulary.js'

const entityNames = Object.keys(entities) as Entity[]

/** Every case of a pack that names an input wrongly, or of which a rule does not say what the case expects. */
export const faultsOfCases = (pack: Pack): readonly PackFaultAt[] =>
  pack.rules.flatMap((rule) => {
    const alone = onlyRule(pack, rule)
    return rule.cases.flatMap((given, place) => {
      const wrong = faultsOfCase(rule, given, alone)
      const index = pack.rules.indexOf(rule)
      return wrong.map((message): PackFaultAt => {
        return { path: ['rules', index, 'cases', place], message: `${rule.id}, case ${place + 1}: ${message}` }
      })
    })
  })

/** The pack with one rule, in force on every day: what its cases are put to. */
const onlyRule = (pack: Pack, rule: Rule): Pack => ({
  ...pack,
  mode: 'evaluation',
  effectiveFrom: LocalDate.parse('0001-01-01'),
  effectiveTo: null,
  rules: [{ ...rule, effectiveFrom: LocalDate.parse('0001-01-01'), effectiveTo: null }],
})

function faultsOfCase(rule: Rule, given: RuleCase, alone: Pack): readonly string[] {
  const wrong = entityNames.flatMap((entity) => inputFaults(rule, entity, given[entity]))
  if (wrong.length > 0) return wrong
  const initiation = rule.scope === 'self-initiated' ? 'self-initiated' : 'push'
  const product = { ...unknown('product'), ...given.product } as ProductInputs
  const subject: Subject = {
    today: LocalDate.parse('2000-01-01'),
    investor: { ...unknown('investor'), ...given.investor } as InvestorInputs,
    context: { ...unknown('context'), initiation, ...given.context } as ContextInputs,
  }
  const said = { reference: byReference(alone, product, subject), compiled: byCompiler(alone, product, subject) }
  const expected = given.expect === 'missing' && rule.effect !== 'non-personal' ? 'block' : given.expect
  return Object.entries(said).flatMap(([who, { verdict, isMissing }]) =>
    verdict === expected && (given.expect === 'missing') === isMissing
      ? []
      : [`expected ${given.expect}, the ${who} says ${isMissing ? 'missing' : verdict}`],
  )
}

const unknown = (entity: Entity): Record<string, null> =>
  Object.fromEntries(Object.keys(entities[entity]).map((name) => [name, null]))

/** Names that the rule does not read, and values that their inputs never take. */
function inputFaults(rule: Rule, entity: Entity, given: Readonly<Record<string, InputValue>>): readonly string[] {
  const read = new Set(
    [...(rule.applies?.names ?? []), ...rule.permits.names]
      .filter((name) => name.entity === entity)
      .map(({ field }) => field),
  )
  return Object.entries(given).flatMap(([field, value]) => {
    if (!read.has(field)) return [`the rule does not read ${entity}.${field}; take it out`]
    const declaration = declarationOf(entity, field)
    return declaration === null || value === null || hasType(value, declaration.type)
      ? []
      : [`${entity}.${field} is ${declaration.type}, got ${JSON.stringify(value)}`]
  })
}

function hasType(value: InputValue, type: string): boolean {
  const scalar = (of: unknown): string =>
    typeof of === 'number' ? 'int' : typeof of === 'boolean' ? 'bool' : typeof of === 'string' ? 'string' : 'other'
  if (Array.isArray(value)) return value.every((member) => type === `list(${scalar(member)})`)
  return type === scalar(value)
}

type Said = { readonly verdict: string; readonly isMissing: boolean }

function byReference(alone: Pack, product: ProductInputs, subject: Subject): Said {
  const [rule] = alone.rules
  const finding = rule === undefined ? null : referenceOf(alone).judge(rule, product, subject)
  if (rule === undefined || finding === null) return { verdict: 'permit', isMissing: false }
  if (finding.code === 'unmet') return { verdict: rule.effect, isMissing: false }
  return { verdict: rule.effect === 'non-personal' ? 'non-personal' : 'block', isMissing: finding.code === 'missing' }
}

/** Non-personal rules are not compiled: the gate asks the reference. */
function byCompiler(alone: Pack, product: ProductInputs, subject: Subject): Said {
  const [rule] = alone.rules
  if (rule?.effect === 'non-personal') return byReference(alone, product, subject)
  const { blockedBy, warnedBy } = compileInputs([product], alone).judge(subject)
  const blocks = blockedBy.some(({ bits }) => hasBit(bits, 0))
  const isMissing = blocks && byReference(alone, product, subject).isMissing
  return { verdict: blocks ? 'block' : warnedBy.some(({ bits }) => hasBit(bits, 0)) ? 'warn' : 'permit', isMissing }
}
