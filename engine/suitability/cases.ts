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
  pack.rules.flatMap((rule, index) => {
    const alone = onlyRule(pack, rule)
    return rule.cases.flatMap((given, place) =>
      faultsOfCase(rule, given, alone).map((fault): PackFaultAt => {
        const path = ['rules', index, 'cases', place, ...fault.path]
        return { ...fault, path, message: `${rule.id}, case ${place + 1}: ${fault.message}` }
      }),
    )
  })

/** The pack with one rule, in force on every day: what its cases are put to. */
const onlyRule = (pack: Pack, rule: Rule): Pack => ({
  ...pack,
  mode: 'evaluation',
  effectiveFrom: LocalDate.parse('0001-01-01'),
  effectiveTo: null,
  rules: [{ ...rule, effectiveFrom: LocalDate.parse('0001-01-01'), effectiveTo: null }],
})

function faultsOfCase(rule: Rule, given: RuleCase, alone: Pack): readonly PackFaultAt[] {
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
  const expected = given.expect === 'missing' ? unjudged(rule) : given.expect
  const { reference, compiled } = said
  const holds = ({ verdict, isMissing }: Said): boolean =>
    verdict === expected && (given.expect === 'missing') === isMissing
  if (holds(reference) && holds(compiled)) return []
  const inWords = ({ verdict, isMissing }: Said): string => (isMissing ? 'missing' : verdict)
  const message =
    inWords(reference) === inWords(compiled)
      ? `the case expects ${given.expect}, and the rule says ${inWords(reference)}; correct the case or the expression`
      : `the reference says ${inWords(reference)} and the compiled rule ${inWords(compiled)}: a fault of Aptus; report it`
  return [{ path: ['expect'], message }]
}

const unknown = (entity: Entity): Record<string, null> =>
  Object.fromEntries(Object.keys(entities[entity]).map((name) => [name, null]))

/** Names that the rule does not read, and values that their inputs never take. */
function inputFaults(rule: Rule, entity: Entity, given: Readonly<Record<string, InputValue>>): readonly PackFaultAt[] {
  const read = new Set(
    [...(rule.applies?.names ?? []), ...rule.permits.names]
      .filter((name) => name.entity === entity)
      .map(({ field }) => field),
  )
  return Object.entries(given).flatMap(([field, value]): PackFaultAt[] => {
    const path = [entity, field]
    if (!read.has(field))
      return [{ path, at: 'key', message: `the rule does not read ${entity}.${field}; take it out` }]
    const declaration = declarationOf(entity, field)
    if (declaration === null || value === null) return []
    const never = hasType(value, declaration.type) ? neverTaken(value, declaration.values) : null
    if (hasType(value, declaration.type) && never === null) return []
    const wanted = declaration.values === undefined ? declaration.type : declaration.values.join(', ')
    return [{ path, message: `${entity}.${field} is never ${JSON.stringify(never ?? value)}; want ${wanted}` }]
  })
}

/** The first text of a value that its input never takes; null where there is none. */
const neverTaken = (value: InputValue, values: readonly string[] | undefined): string | null =>
  values === undefined
    ? null
    : ([value]
        .flat()
        .map(String)
        .find((member) => !values.includes(member)) ?? null)

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
  return { verdict: unjudged(rule), isMissing: finding.code === 'missing' }
}

/** What becomes of a rule that cannot be judged. */
const unjudged = ({ effect }: Rule): string => (effect === 'non-personal' ? effect : 'block')

/** Non-personal rules are not compiled: the gate asks the reference. */
function byCompiler(alone: Pack, product: ProductInputs, subject: Subject): Said {
  const [rule] = alone.rules
  if (rule?.effect === 'non-personal') return byReference(alone, product, subject)
  const { blockedBy, warnedBy } = compileInputs([product], alone).judge(subject)
  const blocks = blockedBy.some(({ bits }) => hasBit(bits, 0))
  const isMissing = blocks && byReference(alone, product, subject).isMissing
  return { verdict: blocks ? 'block' : warnedBy.some(({ bits }) => hasBit(bits, 0)) ? 'warn' : 'permit', isMissing }
}
