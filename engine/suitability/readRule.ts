import { ExpressionFault, type Name, namesIn, parseExpression } from './expression.js'
import { type Condition, type Messages, type Rule, type RuleText } from './pack.js'
import { unknownTexts, withTexts } from './packTexts.js'
import { purchaseInputs } from './vocabulary.js'

export type RuleFault = { readonly field: keyof RuleText; readonly message: string }

/** What a rule needs to know of its pack. */
export type PackContext = { readonly texts: Readonly<Record<string, Messages>>; readonly steps: ReadonlySet<string> }

/** A rule with its expressions parsed and its texts filled in, or everything that is wrong with it. */
export function readRule(rule: RuleText, pack: PackContext): { rule: Rule } | { faults: readonly RuleFault[] } {
  const { blockUnless, warnUnless, appliesIf, ...rest } = rule
  if ((blockUnless === undefined) === (warnUnless === undefined))
    return { faults: [{ field: 'id', message: 'want either blockUnless or warnUnless; write one of them' }] }
  const field = blockUnless === undefined ? 'warnUnless' : 'blockUnless'
  const faults: RuleFault[] = []
  const permits = conditionOf(field, blockUnless ?? warnUnless ?? '', faults)
  const applies = appliesIf === undefined ? null : conditionOf('appliesIf', appliesIf, faults)
  faults.push(...effectFaults(rule, pack))
  if (permits !== null) faults.push(...inputFaults(rule, [...(applies?.names ?? []), ...permits.names], pack))
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
    const where = `line ${error.line}, column ${error.column} of the expression`
    faults.push({ field, message: `${where}: ${error.message}` })
    return null
  }
}

/** Dates, effect and confirmations: what does not depend on the names that the rule reads. */
function effectFaults(rule: RuleText, { steps }: PackContext): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const warns = rule.warnUnless !== undefined
  if (warns && rule.scope !== 'self-initiated')
    faults.push({
      field: 'scope',
      message: 'a recommendation cannot be confirmed away: warnUnless wants self-initiated',
    })
  if (warns && (rule.effect !== 'block' || rule.refusal !== undefined))
    faults.push({ field: 'warnUnless', message: 'a warning has neither an effect nor a refusal; take them out' })
  if (warns !== rule.confirmations.length > 0)
    faults.push({ field: 'confirmations', message: 'want them with warnUnless, and with warnUnless alone' })
  for (const step of rule.confirmations)
    if (!steps.has(step))
      faults.push({
        field: 'confirmations',
        message: `${step} is not among the confirmations of the pack; add it there`,
      })
  if (rule.effectiveTo !== null && rule.effectiveTo <= rule.effectiveFrom)
    faults.push({
      field: 'effectiveTo',
      message: 'must lie after effectiveFrom: the first day on which it no longer holds',
    })
  return faults
}

/** What the rule says about names, against those that it reads. */
function inputFaults(rule: RuleText, names: readonly Name[], { texts }: PackContext): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const read = new Set(names.map((name) => `${name.entity}.${name.field}`))
  for (const input of Object.keys(rule.whenMissing))
    if (!read.has(input))
      faults.push({ field: 'whenMissing', message: `the expression does not read ${input}; take it out` })
  const ofPurchase = [...read].filter((input) => purchaseInputs.has(input))
  if (ofPurchase.length > 0 && rule.scope !== 'self-initiated')
    faults.push({
      field: 'scope',
      message: `${ofPurchase.join(', ')} is known when a purchase is checked, and only then: want self-initiated`,
    })
  if ((rule.refusal !== undefined || rule.effect === 'non-personal') && names.some((name) => name.entity === 'product'))
    faults.push({
      field: rule.effect === 'non-personal' ? 'effect' : 'refusal',
      message: 'only for a rule that reads no product',
    })
  for (const [field, messages] of [['messages', rule.messages] as const, ['remedy', rule.remedy] as const])
    if (messages !== undefined) faults.push(...messageFaults(field, messages, read, texts))
  return faults
}

function messageFaults(
  field: 'messages' | 'remedy',
  messages: Messages,
  read: ReadonlySet<string>,
  texts: PackContext['texts'],
): readonly RuleFault[] {
  const unknown = unknownTexts(messages, texts)
  if (unknown.length > 0) return unknown.map((message) => ({ field, message }))
  return Object.values(withTexts(messages, texts)).flatMap((message) =>
    [...message.matchAll(/\{([^}]*)\}/g)]
      .filter(([, input]) => !read.has(input ?? ''))
      .map(([, input]) => ({ field, message: `{${input}} is not read by the expression` })),
  )
}
