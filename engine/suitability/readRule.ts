import { ExpressionFault, type Name, namesIn, parseExpression } from './expression.js'
import { type Condition, type Rule, type RuleText } from './pack.js'

export type RuleFault = { readonly field: keyof RuleText; readonly message: string }

/** A rule with its expressions parsed, or everything that is wrong with it. */
export function readRule(rule: RuleText, duplicate: boolean): { rule: Rule } | { faults: readonly RuleFault[] } {
  const { blockUnless, appliesIf, ...rest } = rule
  const faults: RuleFault[] = []
  if (duplicate) faults.push({ field: 'id', message: 'the id is already taken by an earlier rule; give it another' })
  const permits = conditionOf('blockUnless', blockUnless, faults)
  const applies = appliesIf === undefined ? null : conditionOf('appliesIf', appliesIf, faults)
  if (permits !== null) faults.push(...ruleFaults(rule, [...(applies?.names ?? []), ...permits.names]))
  return faults.length === 0 && permits !== null ? { rule: { ...rest, applies, permits } } : { faults }
}

function conditionOf(field: 'blockUnless' | 'appliesIf', text: string, faults: RuleFault[]): Condition | null {
  try {
    const expression = parseExpression(text)
    return { text, expression, names: namesIn(expression) }
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    const where = `line ${error.line}, column ${error.column} of the expression`
    faults.push({ field, message: `${where}: ${error.message}` })
    return null
  }
}

function ruleFaults(rule: RuleText, names: readonly Name[]): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const read = names.map((name) => `${name.entity}.${name.field}`)
  for (const input of Object.keys(rule.whenMissing))
    if (!read.includes(input))
      faults.push({ field: 'whenMissing', message: `the expression does not read ${input}; take it out` })
  if ((rule.refusal !== undefined || rule.effect === 'non-personal') && names.some((name) => name.entity === 'product'))
    faults.push({
      field: rule.effect === 'non-personal' ? 'effect' : 'refusal',
      message: 'only for a rule that reads no product',
    })
  for (const message of Object.values(rule.messages))
    for (const [, input] of message.matchAll(/\{([^}]*)\}/g))
      if (!read.includes(input ?? ''))
        faults.push({ field: 'messages', message: `{${input}} is not read by the expression` })
  if (rule.effectiveTo !== null && rule.effectiveTo <= rule.effectiveFrom)
    faults.push({
      field: 'effectiveTo',
      message: 'must lie after effectiveFrom: the first day on which it no longer holds',
    })
  return faults
}
