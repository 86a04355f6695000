import { type FieldChange, type ListDiff, type PackDiff, isSame } from '../engine/suitability/packDiff.js'
import { type Pack } from '../engine/suitability/pack.js'
import { uncertainParts } from '../engine/suitability/uncertain.js'

/** A pack as `rules check` and `rules show` give it in JSON. */
export const shownPack = (pack: Pack) => ({
  id: pack.id,
  version: pack.version,
  digest: pack.digest,
  extended: pack.extended,
  jurisdiction: pack.jurisdiction,
  mode: pack.mode,
  terms: pack.terms,
  uncertain: uncertainParts(pack),
  rules: pack.rules.map(({ effect, applies, permits, cases, ...rule }) => ({
    ...rule,
    effect,
    appliesIf: applies?.text ?? null,
    [effect === 'warn' ? 'warnUnless' : 'blockUnless']: permits.text,
    cases: cases.length,
  })),
  standards: pack.standards,
  confirmations: pack.confirmations,
})

/** The same in words. */
export const packInWords = (pack: Pack): string => {
  const count = pack.rules.reduce((sum, { cases }) => sum + cases.length, 0)
  const uncertain = uncertainParts(pack)
  return [
    `${pack.id} version ${pack.version}, ${pack.digest}: ${pack.rules.length} rules, ${count} cases, no fault`,
    ...pack.rules.map(
      ({ id, scope, effect, source, messages }) => `  ${id} (${scope}, ${effect}): ${messages.en} [${source}]`,
    ),
    ...pack.standards.map(({ id, keptBy, source }) => `  ${id} (standard): kept by ${keptBy} [${source}]`),
    ...pack.confirmations.map(
      ({ id, waitSeconds, source }) => `  step ${id}${waitSeconds > 0 ? `, after ${waitSeconds} s` : ''} [${source}]`,
    ),
    ...(uncertain.length === 0 ? [] : [`uncertain, confirm before use: ${uncertain.join(', ')}`]),
  ].join('\n')
}

/** What differs between two packs, a line each. */
export const diffInWords = (diff: PackDiff, from: string, to: string): string =>
  [
    `from ${from} to ${to}:${isSame(diff) ? ' nothing differs' : ''}`,
    ...diff.fields.map((change) => `  ${changed(change)}`),
    ...diff.terms.map((change) => `  term ${changed(change)}`),
    ...listInWords('rule', diff.rules),
    ...listInWords('step', diff.confirmations),
    ...listInWords('standard', diff.standards),
  ].join('\n')

const listInWords = (kind: string, { added, removed, changed: differing }: ListDiff): readonly string[] => [
  ...added.map((id) => `  ${kind} ${id} added`),
  ...removed.map((id) => `  ${kind} ${id} removed`),
  ...differing.flatMap(({ id, fields }) => fields.map((change) => `  ${kind} ${id}, ${changed(change)}`)),
]

function changed({ field, from, to }: FieldChange): string {
  if (!Array.isArray(from) || !Array.isArray(to)) return `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`
  const [before, after] = [from, to].map((list) => list.map((member) => JSON.stringify(member)))
  const gone = before?.filter((member) => after?.includes(member) !== true) ?? []
  const come = after?.filter((member) => before?.includes(member) !== true) ?? []
  const parts = [...gone.map((member) => `without ${member}`), ...come.map((member) => `with ${member}`)]
  return `${field}: ${parts.length === 0 ? 'in another order' : parts.join(', ')}`
}
