import { type Name } from '../expression.js'
import { type Messages, type Rule, type RuleCase } from '../pack.js'
import { declarationOf, type Entity, type InputValue } from '../vocabulary.js'
import { expressionInWords } from './expressionInWords.js'
import { bullets, page, table } from './markdown.js'

export const confidenceInWords = {
  read: 'read in the text or a copy of it',
  summary: 'from a summary: confirm it before use',
  recalled: 'recalled: confirm it before use',
  own: 'our own',
} as const

/** The days on which something holds, in words. */
export const daysInWords = ({ effectiveFrom, effectiveTo }: Pick<Rule, 'effectiveFrom' | 'effectiveTo'>): string =>
  effectiveTo === null ? `from ${effectiveFrom}` : `from ${effectiveFrom}, and on ${effectiveTo} no more`

export const scopeInWords = {
  push: 'recommending',
  'self-initiated': 'buying of one’s own accord',
  both: 'recommending, and buying of one’s own accord',
} as const

const blocked = {
  push: 'Not recommended',
  'self-initiated': 'Not sold',
  both: 'Neither recommended nor sold',
} as const

/** What happens where the condition is not met. */
export function effectInWords({ effect, scope, confirmations }: Rule): string {
  if (effect === 'non-personal') return 'The list is not personalised'
  if (effect === 'block') return blocked[scope]
  return `Sold only after ${confirmations.length === 1 ? 'the confirmation' : 'the confirmations, in this order,'} ${confirmations.map((step) => `\`${step}\``).join(' → ')}`
}

/** Everything that a risk officer has to know of a rule, below a heading of its id. */
export function ruleSection(rule: Rule): string {
  const { id, applies, permits, source, confidence, messages, remedy } = rule
  return page([
    `### ${id}`,
    `For ${scopeInWords[rule.scope]}; in force ${daysInWords(rule)}.`,
    applies === null ? '' : `Only where:\n\n${expressionInWords(applies.expression)}`,
    `**${effectInWords(rule)}, unless:**\n\n${expressionInWords(permits.expression)}`,
    `As written:\n\n\`\`\`\n${applies === null ? '' : `appliesIf: ${oneLine(applies.text)}\n`}${rule.effect === 'warn' ? 'warnUnless' : 'blockUnless'}: ${oneLine(permits.text)}\n\`\`\``,
    unknownInWords(rule),
    refusalInWords(rule),
    bullets([
      ...inBoth('Says', messages),
      ...(remedy === undefined ? [] : inBoth('What the investor can do', remedy)),
      `Source: ${source} (${confidenceInWords[confidence]})`,
    ]),
    rule.cases.length === 0 ? '' : casesTable(rule),
  ]).trimEnd()
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

export const inBoth = (what: string, messages: Messages): readonly string[] => [
  `${what} (zh-CN): ${messages['zh-CN']}`,
  `${what} (en): ${messages.en}`,
]

const namesOf = ({ applies, permits }: Rule): readonly Name[] => [
  ...new Map([...(applies?.names ?? []), ...permits.names].map((name) => [inputOf(name), name])).values(),
]
const inputOf = ({ entity, field }: Pick<Name, 'entity' | 'field'>): string => `${entity}.${field}`

/** What it reads, and what becomes of it where that is unknown. */
function unknownInWords(rule: Rule): string {
  const names = namesOf(rule)
  if (names.length === 0) return ''
  const meaning = (entity: Entity, field: string): string => declarationOf(entity, field)?.meaning ?? ''
  const rows = names.map((name) => {
    const exempt = rule.whenMissing[inputOf(name)] !== undefined
    return [`\`${inputOf(name)}\``, meaning(name.entity, name.field), exempt ? 'the rule does not apply' : 'excluded']
  })
  return table(['reads', 'meaning', 'where unknown'], rows)
}

function refusalInWords({ refusal }: Rule): string {
  const parts = [
    ...(refusal?.blocked === undefined ? [] : [`\`${refusal.blocked}\` where it is not met`]),
    ...(refusal?.missing === undefined ? [] : [`\`${refusal.missing}\` where it cannot be judged`]),
  ]
  return parts.length === 0 ? '' : `The whole recommendation is refused: ${parts.join(', ')}.`
}

/** The cases, one a row; an input that a case leaves out is unknown. */
function casesTable(rule: Rule): string {
  const names = namesOf(rule)
  const given = (of: RuleCase, { entity, field }: Name): string => {
    const values: Readonly<Record<string, InputValue>> = of[entity]
    return valueInWords(values[field] ?? null)
  }
  const rows = rule.cases.map((of) => [...names.map((name) => given(of, name)), `**${expectedInWords[of.expect]}**`])
  return `Cases, held by both evaluators:\n\n${table([...names.map((name) => `\`${inputOf(name)}\``), 'then'], rows)}`
}

const expectedInWords = {
  permit: 'permitted',
  block: 'blocked',
  warn: 'confirmations',
  'non-personal': 'not personalised',
  missing: 'excluded: unknown',
} as const

function valueInWords(value: InputValue): string {
  if (value === null) return 'unknown'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.join(', ')
  return String(value)
}
