import { type FaultPlace } from '../yamlPlaces.js'
import { wordFaults } from './forbiddenWords.js'
import { type PackText, type Rule, type RuleText } from './pack.js'
import { unknownTexts } from './packTexts.js'
import { comparesRisk, coverTogether, type Dated } from './riskCovered.js'

export type PackFaultAt = FaultPlace & { readonly message: string }

/** What is wrong with a pack as a whole, though each of its rules may be in order. */
export function packFaults(pack: PackText, rules: readonly Rule[]): readonly PackFaultAt[] {
  const faults: PackFaultAt[] = []
  if (!isTimeZone(pack.timeZone))
    faults.push({ path: ['timeZone'], message: `"${pack.timeZone}" is no IANA time zone; want such as Asia/Shanghai` })
  if (pack.effectiveTo !== null && pack.effectiveTo <= pack.effectiveFrom)
    faults.push({
      path: ['effectiveTo'],
      message: 'must lie after effectiveFrom: it is the first day on which the pack no longer holds',
    })
  faults.push(
    ...ruleSetFaults(pack.rules, pack.mode === 'live'),
    ...wordFaults(pack, pack.forbiddenWords),
    ...referenceFaults(pack),
    ...stepFaults(pack),
  )
  // A rule that did not read is told already; what it would have covered cannot be judged.
  if (pack.mode === 'evaluation' || rules.length < pack.rules.length) return faults
  const ofPush = rules.filter(({ scope }) => scope !== 'self-initiated')
  if (!coverTogether(ofPush.filter(comparesRisk), pack))
    faults.push({
      path: ['rules'],
      at: 'key',
      message:
        'no rule compares a product’s riskLevel or sri with investor.riskLevel on every day of the pack: it would let anything be recommended to anyone; add one, such as CN-MATCH of cn-2026',
    })
  if (
    !coverTogether(
      ofPush.filter((rule) => rule.refusal !== undefined && rule.applies === null),
      pack,
    )
  )
    faults.push({
      path: ['rules'],
      at: 'key',
      message:
        'no rule with a refusal holds on every day of the pack: an investor without an assessment would not be refused; add one, such as CN-ASSESS of cn-2026',
    })
  return faults
}

/** Ids that hold twice on one day, and rules without the cases that show what they do. */
export const ruleSetFaults = (rules: readonly RuleText[], live: boolean): readonly PackFaultAt[] =>
  rules.flatMap((rule, index) => [
    ...overlapFaults(rules, rule, index),
    ...(live ? coverageFaults(rule).map(({ path, ...fault }) => ({ ...fault, path: ['rules', index, ...path] })) : []),
  ])

function overlapFaults(rules: readonly RuleText[], rule: RuleText, index: number): readonly PackFaultAt[] {
  const other = rules.slice(0, index).find((earlier) => earlier.id === rule.id && overlap(earlier, rule))
  if (other === undefined) return []
  // Where one of them ends, versions were meant, and it is a date that is wrong.
  const isVersion = other.effectiveTo !== null || rule.effectiveTo !== null
  const until = other.effectiveTo === null ? 'without an end' : `until before ${other.effectiveTo}`
  return [
    {
      path: ['rules', index, isVersion ? 'effectiveFrom' : 'id'],
      message: `the id ${rule.id} is already taken from ${other.effectiveFrom} on, ${until}; give this one another id, or dates that do not overlap`,
    },
  ]
}

/** Each rule shows in its cases what it permits and what it does not. */
function coverageFaults(rule: RuleText): readonly PackFaultAt[] {
  const effect = rule.warnUnless !== undefined ? 'warn' : rule.effect
  const shows = (wanted: string): boolean =>
    rule.cases.some(({ expect }) => expect === wanted || (wanted === 'block' && expect === 'missing'))
  return ['permit', effect]
    .filter((wanted) => !shows(wanted))
    .map((wanted) => ({
      path: rule.cases.length === 0 ? ['id'] : ['cases'],
      ...(rule.cases.length === 0 ? {} : { at: 'key' as const }),
      message: `${rule.id}: no case expects ${wanted}; add one to its cases that does`,
    }))
}

const overlap = (a: Dated, b: Dated): boolean =>
  (b.effectiveTo === null || a.effectiveFrom < b.effectiveTo) &&
  (a.effectiveTo === null || b.effectiveFrom < a.effectiveTo)

/** Ids of rules that are named and not there, or there twice. */
function referenceFaults(pack: PackText): readonly PackFaultAt[] {
  const ids = new Set(pack.rules.map(({ id }) => id))
  const unknown = (pack.rematch?.rules ?? []).flatMap((id, index): PackFaultAt[] =>
    ids.has(id)
      ? []
      : [{ path: ['rematch', 'rules', index], message: `there is no rule ${id}; add it or correct the id` }],
  )
  const clash = pack.standards.flatMap(({ id }, index): PackFaultAt[] =>
    ids.has(id)
      ? [{ path: ['standards', index, 'id'], message: `${id} is a rule already; give the standard another id` }]
      : [],
  )
  return [...unknown, ...clash]
}

/** Confirmations that are there twice, and those that name a text which is not there; `base` is what they are added to. */
export function stepFaults(
  { confirmations, texts }: Pick<PackText, 'confirmations' | 'texts'>,
  base?: Pick<PackText, 'id' | 'confirmations' | 'texts'>,
): readonly PackFaultAt[] {
  const ofBase = new Set(base?.confirmations.map(({ id }) => id))
  return confirmations.flatMap(({ id, messages }, index) => {
    const isTwice = confirmations.findIndex((other) => other.id === id) < index
    const whose = ofBase.has(id) ? ` of ${base?.id ?? ''}` : isTwice ? ' already' : null
    return [
      ...(whose === null
        ? []
        : [{ path: ['confirmations', index, 'id'], message: `${id} is a confirmation${whose}; give it another id` }]),
      ...unknownTexts(messages, { ...base?.texts, ...texts }, ['confirmations', index, 'messages']),
    ]
  })
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch (error) {
    if ((error as Error).name === 'RangeError') return false
    throw error
  }
}
