import { type FaultPlace } from '../yamlPlaces.js'
import { ExpressionFault, type Name, namesIn, parseExpression } from './expression.js'
import { type Condition, type Confirmation, type Rule, type RuleText } from './pack.js'
import { type Texts, placeholdersIn, unknownTexts, unreadInputs, withTexts } from './packTexts.js'
import { purchaseInputs } from './vocabulary.js'

/** The path is that within the rule. */
export type RuleFault = FaultPlace & { readonly message: string }

/** What a rule needs to know of its pack. */
export type PackContext = { readonly texts: Texts; readonly steps: ReadonlyMap<string, Confirmation> }

/**
 * A rule with its expressions parsed and its texts filled in, or everything that is wrong with it. Of a rule that was
 * `kept` the expressions alone are checked: it judged already, whatever is asked of new ones since.
 */
export function readRule(
  rule: RuleText,
  pack: PackContext,
  from: 'new' | 'kept',
): { rule: Rule } | { faults: readonly RuleFault[] } {
  const { blockUnless, warnUnless, appliesIf, ...rest } = rule
  if (blockUnless === undefined && warnUnless === undefined)
    return { faults: [{ path: ['id'], message: 'neither blockUnless nor warnUnless stands here; add one of them' }] }
  if (blockUnless !== undefined && warnUnless !== undefined)
    return {
      faults: [{ path: ['warnUnless'], at: 'key', message: 'blockUnless stands here too; take one of them out' }],
    }
  const field = blockUnless === undefined ? 'warnUnless' : 'blockUnless'
  const faults: RuleFault[] = []
  const applies = appliesIf === undefined ? null : conditionOf('appliesIf', appliesIf, faults)
  const permits = conditionOf(field, blockUnless ?? warnUnless ?? '', faults)
  if (from === 'new') faults.push(...effectFaults(rule, pack))
  // Where an expression did not parse, what it reads is not known.
  if (from === 'new' && permits !== null && (applies !== null || appliesIf === undefined)) {
    const names = [...(applies?.names ?? []), ...permits.names]
    faults.push(...inputFaults(rule, names), ...messageFaults(rule, names, pack))
  }
  if (faults.length > 0 || permits === null) return { faults }
  const effect = field === 'warnUnless' ? 'warn' : rule.effect
  const messages = withTexts(rule.messages, pack.texts)
  const remedy = rule.remedy === undefined ? {} : { remedy: withTexts(rule.remedy, pack.texts) }
  return { rule: { ...rest, ...remedy, messages, effect, applies, permits } }
}

function conditionOf(
  field: 'blockUnless' | 'warnUnless' | 'appliesIf',
  text: string,
  faults: RuleFault[],
): Condition | null {
  try {
    const expression = parseExpression(text)
    return { text, expression, names: namesIn(expression) }
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    faults.push({ path: [field], offset: error.offset, message: error.message })
    return null
  }
}

/** Dates, effect and confirmations: what does not depend on the names that the rule reads. */
function effectFaults(rule: RuleText, { steps }: PackContext): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const warns = rule.warnUnless !== undefined
  if (warns && rule.scope !== 'self-initiated')
    faults.push({
      path: ['scope'],
      message: 'a recommendation cannot be confirmed away: warnUnless wants scope self-initiated',
    })
  for (const field of ['effect', 'refusal'] as const)
    if (warns && (field === 'effect' ? rule.effect !== 'block' : rule.refusal !== undefined))
      faults.push({ path: [field], at: 'key', message: `a rule that warns has no ${field}; take it out` })
  if (warns && rule.confirmations.length === 0)
    faults.push({ path: ['warnUnless'], at: 'key', message: 'want the steps that he must confirm: add confirmations' })
  if (!warns && rule.confirmations.length > 0)
    faults.push({
      path: ['confirmations'],
      at: 'key',
      message: 'a rule that blocks has no confirmations; take them out',
    })
  rule.confirmations.forEach((step, index) => {
    if (!steps.has(step))
      faults.push({
        path: ['confirmations', index],
        message: `${step} is not among the confirmations of the pack; add it there or correct the name`,
      })
  })
  if (rule.effectiveTo !== null && rule.effectiveTo <= rule.effectiveFrom)
    faults.push({
      path: ['effectiveTo'],
      message: 'must lie after effectiveFrom: it is the first day on which the rule no longer holds',
    })
  return faults
}

const nameOf = ({ entity, field }: Name): string => `${entity}.${field}`

/** What the rule says about names, against those that it reads. */
function inputFaults(rule: RuleText, names: readonly Name[]): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const read = new Set(names.map(nameOf))
  for (const input of Object.keys(rule.whenMissing))
    if (!read.has(input))
      faults.push({
        path: ['whenMissing', input],
        at: 'key',
        message: `the expression does not read ${input}; take it out`,
      })
  const ofPurchase = [...read].filter((input) => purchaseInputs.has(input))
  if (ofPurchase.length > 0 && rule.scope !== 'self-initiated')
    faults.push({
      path: ['scope'],
      message: `${ofPurchase.join(', ')} is known when a purchase is checked, and only then: want scope self-initiated`,
    })
  const field = rule.effect === 'non-personal' ? 'effect' : 'refusal'
  if ((rule.refusal !== undefined || rule.effect === 'non-personal') && names.some((name) => name.entity === 'product'))
    faults.push({
      path: [field],
      at: 'key',
      message: `only a rule that reads no product may have this ${field}; take it out`,
    })
  return faults
}

/** Texts that are not there, and inputs that a message or a step shows and the rule does not read. */
function messageFaults(rule: RuleText, names: readonly Name[], { texts, steps }: PackContext): readonly RuleFault[] {
  const read = new Set(names.map(nameOf))
  const ofMessages = (['messages', 'remedy'] as const).flatMap((field): readonly RuleFault[] => {
    const messages = rule[field]
    if (messages === undefined) return []
    const unknown = unknownTexts(messages, texts, [field])
    return unknown.length > 0 ? unknown : unreadInputs(messages, read, texts, [field])
  })
  const ofSteps = rule.confirmations.flatMap((id, index): RuleFault[] => {
    const step = steps.get(id)
    const shown = step === undefined ? [] : placeholdersIn(withTexts(step.messages, texts)).map(({ name }) => name)
    return [...new Set(shown)]
      .filter((input) => !read.has(input))
      .map((input) => ({
        path: ['confirmations', index],
        message: `the step ${id} shows {${input}}, which this rule does not read; want another step`,
      }))
  })
  return [...ofMessages, ...ofSteps]
}
