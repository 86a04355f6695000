import { type FirmPackText, type Messages, type Pack, type PackText, type Rule, type RuleText } from './pack.js'

export type PackFaultAt = { readonly path: readonly PropertyKey[]; readonly message: string }

/** What is wrong with a pack as a whole, though each of its rules may be in order. */
export function packFaults(pack: PackText, rules: readonly Rule[]): readonly PackFaultAt[] {
  const faults: PackFaultAt[] = []
  if (!isTimeZone(pack.timeZone))
    faults.push({ path: ['timeZone'], message: `"${pack.timeZone}" is no IANA time zone; want such as Asia/Shanghai` })
  if (pack.effectiveTo !== null && pack.effectiveTo <= pack.effectiveFrom)
    faults.push({
      path: ['effectiveTo'],
      message: 'must lie after effectiveFrom: the first day on which it no longer holds',
    })
  faults.push(...ruleSetFaults(pack.rules, pack.mode === 'live'), ...wordFaults(pack), ...referenceFaults(pack))
  // A rule that did not read is told already; what it would have covered cannot be judged.
  if (pack.mode === 'evaluation' || rules.length < pack.rules.length) return faults
  const always = rules.filter((rule) => covers(rule, pack) && rule.scope !== 'self-initiated')
  if (!always.some(matches))
    faults.push({
      path: ['rules'],
      message:
        'no rule compares a product with investor.riskLevel on every day of the pack: it would let anything be recommended to anyone',
    })
  if (!always.some((rule) => rule.refusal !== undefined && rule.applies === null))
    faults.push({
      path: ['rules'],
      message:
        'no rule with a refusal holds on every day of the pack: an investor without an assessment would not be refused',
    })
  return faults
}

/** What is wrong with a firm's pack over another. */
export function firmFaults(base: Pack, firm: FirmPackText, rules: readonly Rule[]): readonly PackFaultAt[] {
  const faults: PackFaultAt[] = [
    ...ruleSetFaults(firm.rules, base.mode === 'live'),
    ...wordFaults(firm, base.forbiddenWords),
  ]
  if (base.id !== firm.extends)
    faults.push({ path: ['extends'], message: `extends ${firm.extends}, and was given ${base.id}` })
  const taken = new Set([...base.rules, ...base.standards].map(({ id }) => id))
  firm.rules.forEach(({ id }, index) => {
    if (taken.has(id))
      faults.push({
        path: ['rules', index, 'id'],
        message: `${id} is a rule of ${base.id}; a firm adds rules and replaces none: give it another id`,
      })
  })
  rules.forEach(({ id, effect }) => {
    const index = firm.rules.findIndex((rule) => rule.id === id)
    if (effect === 'non-personal')
      faults.push({
        path: ['rules', index, 'effect'],
        message: `${id}: a firm's rule blocks or warns; take the effect out`,
      })
  })
  for (const [name, of] of [['texts', firm.texts] as const])
    for (const id of Object.keys(of))
      if (Object.hasOwn(base.texts, id)) faults.push({ path: [name, id], message: `${id} is a text of ${base.id}` })
  firm.confirmations.forEach(({ id }, index) => {
    if (base.confirmations.some((other) => other.id === id))
      faults.push({ path: ['confirmations', index, 'id'], message: `${id} is a confirmation of ${base.id}` })
  })
  for (const [name, value] of Object.entries(firm.terms)) {
    const own = base.terms[name as keyof typeof base.terms]
    const looser = value !== undefined && (name === 'churnDays' ? value < own : value > own)
    if (looser) faults.push({ path: ['terms', name], message: `${value} is looser than the ${own} of ${base.id}` })
  }
  return faults
}

/** Ids that hold twice on one day, and rules without the cases that show what they do. */
function ruleSetFaults(rules: readonly RuleText[], live: boolean): readonly PackFaultAt[] {
  return rules.flatMap((rule, index) => {
    const faults: PackFaultAt[] = []
    const other = rules.slice(0, index).find((earlier) => earlier.id === rule.id && overlap(earlier, rule))
    if (other !== undefined)
      faults.push({
        path: ['rules', index, 'id'],
        message: `the id ${rule.id} is already taken on some of these days; give it another, or dates that do not overlap`,
      })
    const effect = rule.warnUnless !== undefined ? 'warn' : rule.effect
    for (const expect of ['permit', effect])
      if (
        live &&
        !rule.cases.some((given) => given.expect === expect || (expect === 'block' && given.expect === 'missing'))
      )
        faults.push({
          path: ['rules', index, rule.cases.length === 0 ? 'id' : 'cases'],
          message: `${rule.id}: want a case that expects ${expect}; add one that shows it`,
        })
    return faults
  })
}

type Dated = { readonly effectiveFrom: string; readonly effectiveTo: string | null }
const overlap = (a: Dated, b: Dated): boolean =>
  (b.effectiveTo === null || a.effectiveFrom < b.effectiveTo) &&
  (a.effectiveTo === null || b.effectiveFrom < a.effectiveTo)

type Worded = Pick<PackText, 'rules' | 'confirmations' | 'texts'>

/** Messages that hold a word which no text to an investor may hold. */
function wordFaults(
  pack: Worded & { readonly forbiddenWords?: PackText['forbiddenWords'] },
  forbidden: PackText['forbiddenWords'] = pack.forbiddenWords ?? { 'zh-CN': [], en: [] },
): readonly PackFaultAt[] {
  const all: (readonly [readonly PropertyKey[], Messages | undefined])[] = [
    ...pack.rules.flatMap((rule, index) => [
      [['rules', index, 'messages'], rule.messages] as const,
      [['rules', index, 'remedy'], rule.remedy] as const,
    ]),
    ...pack.confirmations.map((step, index) => [['confirmations', index, 'messages'], step.messages] as const),
    ...Object.entries(pack.texts).map(([name, messages]) => [['texts', name], messages] as const),
  ]
  return all.flatMap(([path, messages]) =>
    messages === undefined
      ? []
      : forbiddenIn(messages, forbidden).map((word) => {
          return { path, message: `the words "${word}" must not stand in a text to an investor` }
        }),
  )
}

/** Forbidden words that texts hold; English ones as whole words, whatever their case and the signs between them. */
export const forbiddenIn = (messages: Messages, forbidden: PackText['forbiddenWords']): readonly string[] => [
  ...forbidden['zh-CN'].filter((word) => messages['zh-CN'].includes(word)),
  ...forbidden.en.filter((word) => plainWords(messages.en).includes(plainWords(word))),
]

const plainWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^a-z0-9%]+/g, ' ')
    .trim()} `

/** Ids of rules and steps that are named and not there, or there twice. */
function referenceFaults(pack: PackText): readonly PackFaultAt[] {
  const ids = new Set(pack.rules.map(({ id }) => id))
  const unknown = (pack.rematch?.rules ?? []).flatMap((id, index): PackFaultAt[] =>
    ids.has(id) ? [] : [{ path: ['rematch', 'rules', index], message: `there is no rule ${id}` }],
  )
  const twice = pack.confirmations.flatMap(({ id }, index): PackFaultAt[] =>
    pack.confirmations.findIndex((other) => other.id === id) < index
      ? [{ path: ['confirmations', index, 'id'], message: `the confirmation ${id} is there already` }]
      : [],
  )
  const clash = pack.standards.flatMap(({ id }, index): PackFaultAt[] =>
    ids.has(id) ? [{ path: ['standards', index, 'id'], message: `${id} is a rule already` }] : [],
  )
  return [...unknown, ...twice, ...clash]
}

const covers = (rule: Rule, pack: PackText): boolean =>
  rule.effectiveFrom <= pack.effectiveFrom &&
  (rule.effectiveTo === null || (pack.effectiveTo !== null && pack.effectiveTo <= rule.effectiveTo))

const matches = ({ effect, permits, applies }: Rule): boolean =>
  effect === 'block' &&
  applies === null &&
  permits.names.some(({ entity, field }) => entity === 'investor' && field === 'riskLevel') &&
  permits.names.some(({ entity }) => entity === 'product')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch (error) {
    if ((error as Error).name === 'RangeError') return false
    throw error
  }
}
